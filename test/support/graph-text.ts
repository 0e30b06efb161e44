import { expect } from 'vitest';
import type { IntegerGraph } from '#shared/export/ir/graph.ts';
import { parseGraphText } from '#shared/export/ir/parse.ts';
import { parseTrainedText } from '#shared/export/ir/parse-trained.ts';
import { printGraph } from '#shared/export/ir/print.ts';
import { printTrained } from '#shared/export/ir/print-trained.ts';
import { buildIntegerGraph } from '#shared/export/passes/build-integer-graph.ts';
import { lower, TRAINED_PASSES } from '#shared/export/passes/lower.ts';
import type { TrainedGraph } from '#shared/export/trained-graph.ts';
import { interpretAll } from '#shared/verify/interpret.ts';
import { samplesFor } from './graphs.ts';

/** A text written with indentation, as `printGraph` writes it. */
export function flush(text: string): string {
  return text
    .trim()
    .split('\n')
    .map((line) => line.trim())
    .join('\n');
}

/** A small trained network: filters of either sign, a falling batch-norm channel, ternary codes. */
export const SMALL_TEXT = flush(`
  two: input u8[2,2,1] zero [10] scale 0.125
  conv: [1,1,2] = conv2d(input) 2x2 /1,1 pad 0,0,0,0 dilated 1,1 2 filters of [0.5,0.25] * [+0-+ -+0-] bias [1,-2]
  norm: [1,1,2] = batch-norm(conv) * [0.5,-1] + [0,0.25]
  act: [1,1,2] = activation(norm) ternary y>-0.5 y>=0.5 -> 1 * [-1,0,1]
  dense: [2] = dense(act) 2 filters of 0.5 * [++ -+]
  output dense 2 classes
`);

/** The text with its line of that id replaced by one line, several, or none. */
export function withLine(text: string, id: string, ...lines: string[]): string {
  const found = text.split('\n').some((line) => line.startsWith(`${id}: `));
  if (!found) throw new Error(`the text has no line ${id}`);
  return text
    .split('\n')
    .flatMap((line) => (line.startsWith(`${id}: `) ? lines : [line]))
    .join('\n');
}

/** Trained text in, pass, trained text out. */
export function throughTrainedPass(pass: (graph: TrainedGraph) => TrainedGraph, text: string): string {
  return printTrained(pass(parseTrainedText(text)));
}

/** The integer graph of a trained one before any pass over it. */
export function builtGraph(trained: TrainedGraph): IntegerGraph {
  return buildIntegerGraph(TRAINED_PASSES.reduce<TrainedGraph>((graph, pass) => pass.run(graph), trained));
}

/** Trained text in, integer text out. */
export function loweredText(text: string): string {
  return printGraph(lower(parseTrainedText(text)), { full: true });
}

/** Text in, pass, text out. */
export function throughPass(pass: (graph: IntegerGraph) => IntegerGraph, text: string): string {
  return printGraph(pass(parseGraphText(text)), { full: true });
}

/** Both graphs give the same logits, and the same values under those ids that both have (or the given ones). */
export function expectSameValues(
  name: string,
  before: IntegerGraph,
  after: IntegerGraph,
  ids = before.nodes.map(({ id }) => id),
  samples = 5,
): void {
  for (const sample of samplesFor(before, samples, 7)) {
    const [left, right] = [interpretAll(before, sample), interpretAll(after, sample)];
    expect([...right.logits], name).toEqual([...left.logits]);
    for (const id of ids) {
      const value = right.values.get(id);
      if (value) expect([...value], `${name}, ${id}`).toEqual([...(left.values.get(id) ?? [])]);
    }
  }
}
