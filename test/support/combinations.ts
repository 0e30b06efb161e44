import { resolveModel, type ResolvedModel } from '#shared/model/resolve.ts';
import { ModelSpecSchema } from '#shared/model/spec.ts';
import { ActivationChoiceSchema, WeightChoiceSchema } from '#shared/quant/registry.ts';

/** Networks from a few layers, for tests of what goes together. */

export interface Methods {
  weights?: object;
  activations?: object;
}

export function resolve(
  layers: readonly object[],
  { weights, activations }: Methods = {},
  shape = [8, 8, 3],
): ResolvedModel {
  const spec = ModelSpecSchema.parse({
    version: 1,
    name: 'test',
    input: { shape },
    layers: [...layers],
  });
  return resolveModel(spec, {
    weights: WeightChoiceSchema.parse(weights ?? { method: 'twn' }),
    activations: ActivationChoiceSchema.parse(activations ?? { method: 'gxnor' }),
  });
}

export const conv = (id: string, fields: object = {}) => ({
  id,
  kind: 'conv2d',
  filters: 4,
  kernel: 3,
  ...fields,
});
export const norm = (id: string) => ({ id, kind: 'batch-norm' });
export const act = (id: string, activations?: object, fields: object = {}) => ({
  id,
  kind: 'activation',
  ...(activations ? { activations } : {}),
  ...fields,
});
export const END = [
  { id: 'flat', kind: 'flatten' },
  { id: 'out', kind: 'dense', units: 10 },
];
export const RELU = { method: 'full-precision', function: 'relu' };
export const SIGN = { method: 'bnn' };
export const MINUS_ONE = { padValue: 'minus-one' };

/** Like LeNet: convolution, pooling, batch norm, activation, twice; dense layer. */
export const NET = [
  conv('c1'),
  { id: 'p1', kind: 'max-pool' },
  norm('n1'),
  act('a1'),
  conv('c2'),
  norm('n2'),
  act('a2'),
  ...END,
];
