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
  kind: z.literal('depthwise-conv2d'),
  inputs,
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
  if (strides[0] !== strides[1]) {
    throw shapeError(spec, `depthwise convolution needs equal strides, not ${strides.join('×')}`);
  }
  if (strides[0] > 1 && Math.max(...dilation) > 1) {
    throw shapeError(spec, 'strides and dilation cannot both be above 1');
  }
  const out = layerWindow(spec, 'kernel', [height, width], kernel, strides, dilation);
  return { channels, kernel, strides, dilation, out };
}

/** Depthwise 2-D convolution with one filter per channel, NHWC. Kernel order [kh, kw, channels, 1]. */
export const depthwiseConv2d = layerKind({
  kind: 'depthwise-conv2d',
  title: 'Depthwise convolution',
  schema,
  arity: 1,
  inferShape: (spec, [shape]) => {
    const { out, channels } = geometry(spec, shape);
    return [out.height, out.width, channels];
  },
  kernel: (spec, [shape]) => {
    const { channels, kernel } = geometry(spec, shape);
    return {
      shape: [...kernel, channels, 1],
      filters: channels,
      fanIn: kernel[0] * kernel[1],
      filterAxis: 2,
    };
  },
  variables: (spec, [shape]) => biasVariable(spec.bias, geometry(spec, shape).channels),
  macs: (spec, [shape], output) => {
    const { kernel } = geometry(spec, shape);
    return output.reduce((product, size) => product * size, 1) * kernel[0] * kernel[1];
  },
  forward: (layer, [x], context) => {
    const { tf, variables } = context;
    const y = tf.depthwiseConv2d(
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
      kind: 'depthwise-conv2d',
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
