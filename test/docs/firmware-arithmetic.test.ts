import * as fs from 'node:fs';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { graphFromJson } from '#shared/export/ir/json.ts';
import { GraphJsonSchema, type NodeJson } from '#shared/export/ir/schema.ts';
import { interpretAll } from '#shared/verify/interpret.ts';
import { interpretNaively } from '#test/support/naive-interpreter.ts';

/** The chapter on arithmetic names every operator of the integer graph, and each of its examples computes what it says. */

const chapter =
  /\n## Arithmetic\n([\s\S]*?)(\n## |$)/.exec(fs.readFileSync('docs/firmware.md', 'utf8'))?.[1] ?? '';
const sections = chapter.split(/\n#### /).slice(1);

const ExampleSchema = z.strictObject({
  inputs: z.record(z.string(), z.strictObject({ shape: z.array(z.int()), values: z.array(z.int()) })),
  node: z.looseObject({ kind: z.string(), shape: z.array(z.int()) }),
  value: z.array(z.int()),
});
type Example = z.output<typeof ExampleSchema>;

const examples = sections.flatMap((section) =>
  [...section.matchAll(/```json\n([\s\S]*?)```/g)].map(([, text = ''], index): [string, Example] => [
    `${kindOf(section)}, example ${index + 1}`,
    ExampleSchema.parse(JSON.parse(text)),
  ]),
);

function kindOf(section: string): string {
  return /^`([a-z0-9-]+)`\n/.exec(section)?.[1] ?? '';
}

const rangeOf = (values: readonly number[]) => ({ low: Math.min(...values), high: Math.max(...values) });

/** Codes as an operator reads them: chosen from the bytes of the sample, then through thresholds that keep them. */
function inputNodes(
  id: string,
  values: readonly number[],
  shape: number[],
  from: number,
  total: number,
): NodeJson[] {
  const selection = new Int8Array(values.length * total);
  values.forEach((_, i) => (selection[i * total + from + i] = 1));
  const ternary = Array.from(selection, (code) => (code === 0 ? '0' : '+')).join('');
  const signs = values.every((value) => Math.abs(value) === 1);
  const codes = signs ? [-1, 1] : Array.from({ length: 256 }, (_, i) => i - 128);
  const channels = shape.at(-1) ?? 1;
  const steps = codes.length - 1;
  return [
    {
      kind: 'dense',
      id: `${id}-bytes`,
      inputs: ['input'],
      shape,
      type: 'i32',
      range: { low: -128, high: 127 },
      weights: { filters: values.length, taps: total, codes: { ternary } },
    },
    {
      kind: 'threshold',
      id,
      inputs: [`${id}-bytes`],
      shape,
      type: 'i8',
      range: rangeOf(values),
      steps,
      values: Array.from({ length: channels }, () => (signs ? [0] : codes.slice(1))).flat(),
      direction: Array.from({ length: channels }, () => 1 as const),
      codes,
    },
  ];
}

const CODES = new Set(['max-pool', 'add', 'threshold', 'lookup', 'flatten']);

function graphOf({ inputs, node, value }: Example) {
  const entries = Object.entries(inputs);
  const bytes = entries.flatMap(([, { values }]) => values);
  const nodes = entries.flatMap(([id, { shape, values }], index) => {
    const before = entries.slice(0, index).reduce((sum, [, other]) => sum + other.values.length, 0);
    return inputNodes(id, values, shape, before, bytes.length);
  });
  const type = CODES.has(node.kind) ? 'i8' : 'i32';
  const sums = { type, range: rangeOf(value) };
  const tested = { ...node, id: 'out', inputs: entries.map(([id]) => id), ...sums };
  const logits = {
    kind: 'affine',
    id: 'logits',
    inputs: ['flat'],
    shape: [value.length],
    type: 'i32',
    range: rangeOf(value),
    multipliers: [value.map(() => 1)],
    bias: value.map(() => 0),
    exponent: 0,
  };
  const end = [{ kind: 'flatten', id: 'flat', inputs: ['out'], shape: [value.length], ...sums }, logits];
  const json = {
    version: 1,
    name: 'example',
    input: { shape: [bytes.length], zero: Array.from(bytes, () => 128) },
    nodes: [...nodes, tested, ...(node.kind === 'affine' ? [] : end)],
    output: node.kind === 'affine' ? 'out' : 'logits',
    classes: value.length,
  };
  return { graph: graphFromJson(json, 'the example'), sample: Uint8Array.from(bytes, (byte) => byte + 128) };
}

describe('the chapter on arithmetic', () => {
  it('has a section with an example for every operator of the integer graph, and for no other', () => {
    const kinds = GraphJsonSchema.shape.nodes.element.options.flatMap(({ shape: { kind } }): string[] =>
      'options' in kind ? [...kind.options] : [...kind.values],
    );
    expect(kinds.length).toBeGreaterThan(10);
    expect(sections.map(kindOf).sort()).toEqual(kinds.sort());
    for (const section of sections) expect(section).toContain('```json');
  });

  it.each(examples)('%s computes what it says', (title, example) => {
    expect(title.startsWith(`${example.node.kind},`)).toBe(true);
    const { graph, sample } = graphOf(example);
    expect([...(interpretAll(graph, sample).values.get('out') ?? [])]).toEqual(example.value);
    expect(
      interpretNaively(graph, sample)
        .get('out')
        ?.map((value) => value + 0),
    ).toEqual(example.value);
  });
});
