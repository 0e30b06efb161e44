import { backend_util, Conv2DBackpropInput, type KernelConfig, type TensorInfo } from '@tensorflow/tfjs-core';
import { compose } from './call.ts';
import { fullWindow } from './full-window.ts';

interface Attributes {
  strides: [number, number] | number;
  pad: 'valid' | 'same' | number | backend_util.ExplicitPadding;
  dataFormat: 'NHWC' | 'NCHW';
  dimRoundingMode?: 'floor' | 'round' | 'ceil';
  inputShape: [number, number, number, number];
}

/**
 * Gradient of a convolution with respect to its input: a forward convolution of the (spread and padded) output gradient
 * with the kernel flipped in both axes and its channels swapped. The back end's own kernel is a scalar loop, about ten
 * times slower.
 */
export const conv2dBackpropInput: KernelConfig = {
  kernelName: Conv2DBackpropInput,
  backendName: 'wasm',
  kernelFunc: ({ inputs, attrs, backend }) => {
    const { dy, filter } = inputs as unknown as { dy: TensorInfo; filter: TensorInfo };
    const { strides, pad, dataFormat, dimRoundingMode, inputShape } = attrs as unknown as Attributes;
    if (dataFormat === 'NCHW') throw new Error('Conv2DBackpropInput on wasm takes NHWC only');
    const filterShape = filter.shape as [number, number, number, number];
    const info = backend_util.computeConv2DInfo(inputShape, filterShape, strides, 1, pad, dimRoundingMode);
    return compose(backend, (call) => {
      const full = fullWindow(call, dy, info);
      const flipped = call('Reverse', { x: filter }, { dims: [0, 1] });
      const swapped = call('Transpose', { x: flipped }, { perm: [0, 1, 3, 2] });
      return call(
        'Conv2D',
        { x: full.x, filter: swapped },
        { strides: [1, 1], pad: full.pad, dataFormat: 'NHWC', dilations: [1, 1] },
      );
    });
  },
};
