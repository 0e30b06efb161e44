import { asPair, type PaddingChoice } from '../fields.ts';
import { featureMap } from '../kind.ts';
import type { LayerSpecBase } from '../types.ts';
import type { PadValue } from './pad-value.ts';
import { layerWindow } from './sliding.ts';

/** What convolution and depthwise convolution have in common. */
export interface ConvolutionSpec extends LayerSpecBase {
  kernel: number | [number, number];
  strides: number | [number, number];
  dilation: number | [number, number];
  padding: PaddingChoice;
  padValue?: PadValue | undefined;
}

/**
 * The window of a convolution over an input [height, width, channels].
 *
 * @throws BitsmithError `invalid-input` where the input is no map, or the window does not fit
 */
export function convolutionGeometry(spec: ConvolutionSpec, shape: readonly number[] | undefined) {
  const [height, width, channels] = featureMap(spec, shape);
  const kernel = asPair(spec.kernel);
  const strides = asPair(spec.strides);
  const dilation = asPair(spec.dilation);
  const out = layerWindow(spec, 'kernel', [height, width], kernel, strides, dilation);
  return { channels, kernel, strides, dilation, out };
}
