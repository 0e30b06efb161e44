import { z } from 'zod';
import type { Tensor, Tensor4D } from '../../../base/tensorflow.ts';
import { WeightChoiceSchema } from '../../../quant/registry.ts';
import type { DeployedWeights } from '../../../quant/types.ts';
import { asPair, initial, inputs, layerId, padding, pair } from '../../fields.ts';
import { layerKind, shapeError } from '../../kind.ts';
import { biasVariable } from '../bias.ts';
import { convolutionGeometry } from '../convolution.ts';
import { dilateKernel } from '../dilate.ts';
import { bordered, outsideOf, padValue } from '../pad-value.ts';

const schema = z.strictObject({
  id: layerId,
  kind: z.literal('depthwise-conv2d'),
  inputs,
  kernel: pair(31).meta({ unit: 'px', description: 'height and width of the window' }),
  strides: pair(16, 1).meta({ unit: 'px', description: 'how far the window moves' }),
  dilation: pair(16, 1).meta({ unit: 'px', description: 'distance between the taps of the window' }),
  padding: padding.default('same').meta({
    unit: 'px',
    description: 'same: ⌈size / stride⌉ rows and columns come out; valid: none is added',
  }),
  padValue,
  bias: z.boolean().default(false).describe('a trained number is added to each output channel'),
  initial: initial.meta({
    title: 'First values',
    absent: 'default',
    description:
      'distribution of the kernel before training; by default he-normal, or what its method asks for',
  }),
  weights: WeightChoiceSchema.optional(),
});
type Spec = z.output<typeof schema>;

function geometry(spec: Spec, shape: readonly number[] | undefined) {
  const strides = asPair(spec.strides);
  if (strides[0] !== strides[1]) {
    throw shapeError(spec, `depthwise convolution needs equal strides, not ${strides.join('×')}`);
  }
  if (strides[0] > 1 && Math.max(...asPair(spec.dilation)) > 1) {
    throw shapeError(spec, 'strides and dilation cannot both be above 1');
  }
  return convolutionGeometry(spec, shape);
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
  forward: ({ spec, inputShapes }, [x], context) => {
    const { tf, variables } = context;
    const { strides, dilation, out } = geometry(spec, inputShapes[0]);
    const { map, padding: sides } = bordered(tf, x as Tensor, spec, out.padding);
    const kernel = dilateKernel(tf, context.quantizedKernel(), dilation) as Tensor4D;
    const y = tf.depthwiseConv2d(map, kernel, strides, sides);
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
      ...outsideOf(spec, out.padding),
      weights: deployed as DeployedWeights,
      ...(variables.bias ? { bias: variables.bias } : {}),
    };
  },
});
