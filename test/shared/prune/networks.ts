import { RandomStream } from '#shared/base/random.ts';
import { parseWith } from '#shared/base/schema.ts';
import { resolveModel, type QuantizationRules, type ResolvedModel } from '#shared/model/resolve.ts';
import { ModelSpecSchema, type ModelSpec } from '#shared/model/spec.ts';
import { initialValues, networkVariables } from '#shared/model/variables.ts';
import { ActivationChoiceSchema, WeightChoiceSchema, type MethodChoice } from '#shared/quant/registry.ts';

export function specOf(layers: unknown[], shape: [number, number, number] = [8, 8, 1]): ModelSpec {
  return parseWith(ModelSpecSchema, { version: 1, name: 'net', input: { shape }, layers }, 'the test model');
}

export function rules(weights: MethodChoice | string, activations: MethodChoice | string): QuantizationRules {
  const choice = (side: MethodChoice | string) => (typeof side === 'string' ? { method: side } : side);
  return {
    weights: WeightChoiceSchema.parse(choice(weights)),
    activations: ActivationChoiceSchema.parse(choice(activations)),
  };
}

export const FLOAT = rules('full-precision', { method: 'full-precision', function: 'relu' });

export function resolved(
  layers: unknown[],
  given: QuantizationRules = FLOAT,
  shape?: [number, number, number],
): ResolvedModel {
  return resolveModel(specOf(layers, shape), given);
}

/** Convolution, pooling and dense layers in a row. */
export const LENET = [
  { id: 'conv1', kind: 'conv2d', filters: 6, kernel: 3, padding: 'valid' },
  { id: 'pool1', kind: 'max-pool' },
  { id: 'norm1', kind: 'batch-norm' },
  { id: 'act1', kind: 'activation' },
  { id: 'conv2', kind: 'conv2d', filters: 8, kernel: 2, padding: 'valid', bias: true },
  { id: 'norm2', kind: 'batch-norm' },
  { id: 'act2', kind: 'activation' },
  { id: 'flat', kind: 'flatten' },
  { id: 'dense1', kind: 'dense', units: 10 },
  { id: 'norm3', kind: 'batch-norm' },
  { id: 'act3', kind: 'activation' },
  { id: 'out', kind: 'dense', units: 4 },
];

/** Pointwise and depthwise convolutions with padding. */
export const DEPTHWISE = [
  { id: 'point', kind: 'conv2d', filters: 6, kernel: 3 },
  { id: 'norm1', kind: 'batch-norm' },
  { id: 'act1', kind: 'activation' },
  { id: 'depth', kind: 'depthwise-conv2d', kernel: 3, bias: true },
  { id: 'norm2', kind: 'batch-norm' },
  { id: 'act2', kind: 'activation' },
  { id: 'point2', kind: 'conv2d', filters: 8, kernel: 1 },
  { id: 'norm3', kind: 'batch-norm' },
  { id: 'gap', kind: 'global-average-pool' },
  { id: 'out', kind: 'dense', units: 4 },
];

/** A residual block whose shortcut is the identity, between two convolutions. */
export const RESIDUAL = [
  { id: 'stem', kind: 'conv2d', filters: 6, kernel: 3 },
  { id: 'norm0', kind: 'batch-norm' },
  { id: 'act0', kind: 'activation' },
  { id: 'inner', kind: 'conv2d', filters: 5, kernel: 3 },
  { id: 'norm1', kind: 'batch-norm' },
  { id: 'act1', kind: 'activation' },
  { id: 'outer', kind: 'conv2d', filters: 6, kernel: 3 },
  { id: 'norm2', kind: 'batch-norm' },
  { id: 'join', kind: 'add', inputs: ['act0', 'norm2'] },
  { id: 'act2', kind: 'activation' },
  { id: 'pool', kind: 'average-pool' },
  { id: 'flat', kind: 'flatten' },
  { id: 'out', kind: 'dense', units: 4 },
];

/** Initial values, but with batch norms and biases that are not trivial. */
export function livelyValues(model: ResolvedModel, seed: number): Record<string, Float32Array> {
  const random = new RandomStream(seed, 'lively');
  const values = initialValues(model, seed);
  for (const { name, short } of networkVariables(model)) {
    const value = values[name];
    if (!value) continue;
    if (['gamma', 'beta', 'mean', 'bias'].includes(short))
      value.forEach((v, i) => (value[i] = v + 0.4 * random.nextNormal()));
    if (short === 'variance') value.forEach((_, i) => (value[i] = 0.5 + random.nextUniform()));
  }
  return values;
}
