import {
  backend_util,
  Conv2DBackpropFilter,
  type KernelConfig,
  type TensorInfo,
} from '@tensorflow/tfjs-core';
import { compose, explicitPad } from './call.ts';

interface Attributes {
  strides: [number, number] | number;
  pad: 'valid' | 'same' | number | backend_util.ExplicitPadding;
  dataFormat: 'NHWC' | 'NCHW';
  dimRoundingMode?: 'floor' | 'round' | 'ceil';
  filterShape: [number, number, number, number];
}

/**
 * Gradient of a convolution with respect to its filter, as a forward convolution: the input with batch and channels
 * swapped is convolved with the output gradient as the filter, the stride becoming a dilation.
 *   dW[kh, kw, i, o] = Σ_{b,y,x} X[b, y·s + kh − top, x·s + kw − left, i] · dY[b, y, x, o]
 */
export const conv2dBackpropFilter: KernelConfig = {
  kernelName: Conv2DBackpropFilter,
  backendName: 'wasm',
  kernelFunc: ({ inputs, attrs, backend }) => {
    const { x, dy } = inputs as unknown as { x: TensorInfo; dy: TensorInfo };
    const { strides, pad, dataFormat, dimRoundingMode, filterShape } = attrs as unknown as Attributes;
    if (dataFormat === 'NCHW') throw new Error('Conv2DBackpropFilter on wasm takes NHWC only');
    const shape = x.shape as [number, number, number, number];
    const info = backend_util.computeConv2DInfo(shape, filterShape, strides, 1, pad, dimRoundingMode);
    const { filterHeight: kh, filterWidth: kw, inChannels, outChannels, padInfo } = info;
    return compose(backend, (call) => {
      const swapped = call('Transpose', { x }, { perm: [3, 1, 2, 0] });
      const filter = call('Transpose', { x: dy }, { perm: [1, 2, 0, 3] });
      // Rows that no window reaches give extra rows of the result; they are cut off below.
      const sums = call(
        'Conv2D',
        { x: swapped, filter },
        {
          strides: [1, 1],
          pad: explicitPad(padInfo.top, padInfo.bottom, padInfo.left, padInfo.right),
          dataFormat: 'NHWC',
          dilations: [info.strideHeight, info.strideWidth],
        },
      );
      const size = [inChannels, kh, kw, outChannels];
      const cut =
        sums.shape.join() === size.join() ? sums : call('Slice', { x: sums }, { begin: [0, 0, 0, 0], size });
      return call('Transpose', { x: cut }, { perm: [1, 2, 0, 3] });
    });
  },
};
