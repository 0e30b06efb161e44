import type { TF, Tensor } from '../base/tensorflow.ts';
import { PASSING_LIMIT } from '../export/arithmetic/fixed-point.ts';
import { poolSumLimits } from '../export/arithmetic/sum-limit.ts';
import { dropUnused } from '../export/passes/drop-unused.ts';
import type { TrainedGraph, TrainedNode } from '../export/trained-graph.ts';
import { logitsOf, type IntegerValue } from './evaluate/integers.ts';
import { asReal, evaluateLayer, type LayerValue } from './evaluate/layers.ts';
import { TensorProgram } from './evaluate/program.ts';

export { staircaseByThresholds, staircaseTensor } from './evaluate/staircase.ts';

/** A trained graph whose numbers lie on the back end. Dispose it when done. */
export interface Evaluator {
  /** Logits [batch, classes] for normalised samples [batch, height, width, channels]. */
  logits(x: Tensor): Tensor;
  dispose(): void;
}

/**
 * Evaluation in deployment form: what is measured here is what is exported.
 *
 * Inputs and activations are kept as integer codes and convolved with integer codes, which float32 does exactly below
 * 2^24; to each sum training's own float32 expression is applied (scale, bias, the folded batch norm), and its result is
 * compared with the thresholds of the activation. Where scales cannot be kept as they are (sums of several levels or
 * terms, additions, averages, the logits) they are rounded by `fixedPoint`, as lowering does: so every code and every
 * logit here is the firmware's. The logits come as float32 numbers: the firmware's 32-bit integers rounded to 24 bits.
 *
 * Layers that stay in floating point are evaluated in floating point.
 */
export function createEvaluator(tf: TF, whole: TrainedGraph): Evaluator {
  const graph = dropUnused<TrainedNode, TrainedGraph>(whole);
  const program = new TensorProgram(tf);
  const limits = poolSumLimits(graph);
  const values = new Map<string, LayerValue>([['input', { integers: inputIntegers(program, graph) }]]);
  const shapes = new Map<string, readonly number[]>([['input', graph.input.shape]]);
  for (const node of graph.nodes) {
    const inputs = node.inputs.map((name) => {
      const value = values.get(name);
      if (!value) throw new RangeError(`node ${node.id}: no value ${name}`);
      return value;
    });
    const shape = shapes.get(node.inputs[0] ?? '') ?? [];
    values.set(node.id, evaluateLayer(program, node, inputs, shape, limits.get(node.id) ?? PASSING_LIMIT));
    shapes.set(node.id, node.shape);
  }
  const last = values.get(graph.output);
  if (!last) throw new RangeError(`no output ${graph.output}`);
  const output = logits(program, last, shapes.get(graph.output) ?? [], graph.classes);
  return {
    logits: (x) => tf.tidy(() => program.run(output, { input: x })),
    dispose: () => program.dispose(),
  };
}

/** The samples as the integers p − zero; the real value is what was given. */
function inputIntegers(program: TensorProgram, { input }: TrainedGraph): IntegerValue {
  const { tf } = program;
  const channels = input.shape.at(-1) ?? 1;
  const scale = Math.fround(input.scale);
  const name = program.operation((get) => tf.floor(tf.add(tf.mul(get('input'), 1 / scale), 0.5)));
  const limits = Float64Array.from({ length: channels }, (_, channel) => {
    const zero = input.zero[channel] ?? 0;
    return Math.max(zero, 255 - zero);
  });
  const term = { name, scale: new Float64Array(channels).fill(scale), limits };
  return { terms: [term], steps: [], codes: true, real: 'input' };
}

function logits(
  program: TensorProgram,
  value: LayerValue,
  shape: readonly number[],
  classes: number,
): string {
  const areLogits = 'integers' in value && shape.length === 1 && shape[0] === classes;
  return (areLogits ? logitsOf(program, value.integers) : null) ?? asReal(program, value);
}
