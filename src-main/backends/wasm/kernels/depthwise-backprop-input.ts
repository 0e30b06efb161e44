import {
  backend_util,
  DepthwiseConv2dNativeBackpropInput,
  type KernelConfig,
  type TensorInfo,
} from '@tensorflow/tfjs-core';
import { compose } from './call.ts';
import { fullWindow } from './full-window.ts';

interface Attributes {
  strides: [number, number] | number;
  dilations: [number, number] | number;
  pad: 'valid' | 'same' | number | backend_util.ExplicitPadding;
  dimRoundingMode?: 'floor' | 'round' | 'ceil';
  inputShape: [number, number, number, number];
}

/**
 * Gradient of a depthwise convolution (channel multiplier 1) with respect to its input: a forward depthwise convolution
 * of the (spread and padded) output gradient with the flipped kernel.
 */
export const depthwiseBackpropInput: KernelConfig = {
  kernelName: DepthwiseConv2dNativeBackpropInput,
  backendName: 'wasm',
  kernelFunc: ({ inputs, attrs, backend }) => {
    const { dy, filter } = inputs as unknown as { dy: TensorInfo; filter: TensorInfo };
    const { strides, dilations, pad, dimRoundingMode, inputShape } = attrs as unknown as Attributes;
    const filterShape = filter.shape as [number, number, number, number];
    if (filterShape[3] !== 1)
      throw new Error('depthwise gradients on wasm take a channel multiplier of 1 only');
    const info = backend_util.computeConv2DInfo(
      inputShape,
      filterShape,
      strides,
      dilations,
      pad,
      dimRoundingMode,
      true,
    );
    return compose(backend, (call) => {
      const full = fullWindow(call, dy, info);
      const flipped = call('Reverse', { x: filter }, { dims: [0, 1] });
      return call(
        'DepthwiseConv2dNative',
        { x: full.x, filter: flipped },
        { strides: [1, 1], pad: full.pad, dilations: [info.dilationHeight, info.dilationWidth] },
      );
    });
  },
};
