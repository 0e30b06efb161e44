import { z } from 'zod';
import type { Tensor2D } from '../../../base/tensorflow.ts';
import { WeightChoiceSchema } from '../../../quant/registry.ts';
import type { DeployedWeights } from '../../../quant/types.ts';
import { initial, inputs, layerId } from '../../fields.ts';
import { layerKind, shapeError } from '../../kind.ts';
import type { LayerSpecBase } from '../../types.ts';
import { biasVariable } from '../bias.ts';

const schema = z.strictObject({
  id: layerId,
  kind: z.literal('dense'),
  inputs,
  units: z.int().min(1).max(65536).describe('number of outputs'),
  bias: z.boolean().default(false).describe('a trained number is added to each output'),
  initial: initial.meta({
    title: 'First values',
    absent: 'default',
    description:
      'distribution of the kernel before training; by default he-normal, or what its method asks for',
  }),
  weights: WeightChoiceSchema.optional(),
});

function features(spec: LayerSpecBase, shape: readonly number[] | undefined): number {
  const [count, ...more] = shape ?? [];
  if (count === undefined || more.length > 0) {
    throw shapeError(
      spec,
      `needs a vector, but its input has shape [${(shape ?? []).join(', ')}]; put a "flatten" layer before it`,
    );
  }
  return count;
}

/** Fully connected layer. Kernel order [inputs, units]. */
export const dense = layerKind({
  kind: 'dense',
  title: 'Dense',
  schema,
  arity: 1,
  inferShape: (spec, [shape]) => {
    features(spec, shape);
    return [spec.units];
  },
  kernel: (spec, [shape]) => {
    const count = features(spec, shape);
    return { shape: [count, spec.units], filters: spec.units, fanIn: count, filterAxis: 1 };
  },
  variables: (spec) => biasVariable(spec.bias, spec.units),
  macs: (spec, [shape]) => features(spec, shape) * spec.units,
  forward: (_layer, [x], context) => {
    const { tf, variables } = context;
    const y = tf.matMul(x as Tensor2D, context.quantizedKernel() as Tensor2D);
    return variables.bias ? tf.add(y, variables.bias) : y;
  },
  trained: ({ spec, inputs: from, shape }, { variables, deployed }) => ({
    id: spec.id,
    kind: 'dense',
    inputs: from,
    shape,
    weights: deployed as DeployedWeights,
    ...(variables.bias ? { bias: variables.bias } : {}),
  }),
});
