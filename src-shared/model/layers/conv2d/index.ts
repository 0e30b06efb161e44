import { z } from 'zod';
import type { Tensor4D } from '../../../base/tensorflow.ts';
import { WeightChoiceSchema } from '../../../quant/registry.ts';
import type { DeployedWeights } from '../../../quant/types.ts';
import { asPair, initial, inputs, layerId, padding, pair } from '../../fields.ts';
import { featureMap, layerKind, shapeError } from '../../kind.ts';
import { tensorPadding } from '../../window.ts';
import { biasVariable } from '../bias.ts';
import { dilateKernel } from '../dilate.ts';
import { layerWindow } from '../sliding.ts';

const schema = z.strictObject({
  id: layerId,
  kind: z.literal('conv2d'),
  inputs,
  filters: z.int().min(1).max(4096),
  kernel: pair(31),
  strides: pair(16, 1),
  dilation: pair(16, 1),
  padding: padding.default('same'),
  bias: z.boolean().default(false),
  initial,
  weights: WeightChoiceSchema.optional(),
});
type Spec = z.output<typeof schema>;

function geometry(spec: Spec, shape: readonly number[] | undefined) {
  const [height, width, channels] = featureMap(spec, shape);
  const kernel = asPair(spec.kernel);
  const strides = asPair(spec.strides);
  const dilation = asPair(spec.dilation);
  if (Math.max(...strides) > 1 && Math.max(...dilation) > 1) {
    throw shapeError(spec, 'strides and dilation cannot both be above 1');
  }
  const out = layerWindow(spec, 'kernel', [height, width], kernel, strides, dilation);
  return { channels, kernel, strides, dilation, out };
}

/** 2-D convolution, NHWC. Kernel order [kh, kw, cin, cout]. */
export const conv2d = layerKind({
  kind: 'conv2d',
  title: 'Convolution',
  schema,
  arity: 1,
  inferShape: (spec, [shape]) => {
    const { out } = geometry(spec, shape);
    return [out.height, out.width, spec.filters];
  },
  kernel: (spec, [shape]) => {
    const { channels, kernel } = geometry(spec, shape);
    return {
      shape: [...kernel, channels, spec.filters],
      filters: spec.filters,
      fanIn: kernel[0] * kernel[1] * channels,
      filterAxis: 3,
    };
  },
  variables: (spec) => biasVariable(spec.bias, spec.filters),
  macs: (spec, [shape], output) => {
    const { channels, kernel } = geometry(spec, shape);
    return output.reduce((product, size) => product * size, 1) * kernel[0] * kernel[1] * channels;
  },
  forward: (layer, [x], context) => {
    const { tf, variables } = context;
    const y = tf.conv2d(
      x as Tensor4D,
      dilateKernel(tf, context.quantizedKernel(), asPair(layer.spec.dilation)) as Tensor4D,
      asPair(layer.spec.strides),
      tensorPadding(layer.spec.padding),
    );
    return variables.bias ? tf.add(y, variables.bias) : y;
  },
  trained: ({ spec, inputs: from, inputShapes, shape }, { variables, deployed }) => {
    const { kernel, strides, dilation, out } = geometry(spec, inputShapes[0]);
    return {
      id: spec.id,
      kind: 'conv2d',
      inputs: from,
      shape,
      kernel,
      strides,
      dilation,
      padding: out.padding,
      weights: deployed as DeployedWeights,
      ...(variables.bias ? { bias: variables.bias } : {}),
    };
  },
});
