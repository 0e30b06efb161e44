import {
  backend_util,
  DepthwiseConv2dNativeBackpropFilter,
  type KernelConfig,
  type TensorInfo,
} from '@tensorflow/tfjs-core';
import { compose } from './call.ts';

interface Attributes {
  strides: [number, number] | number;
  dilations: [number, number] | number;
  pad: 'valid' | 'same' | number | backend_util.ExplicitPadding;
  dimRoundingMode?: 'floor' | 'round' | 'ceil';
  filterShape: [number, number, number, number];
}

/**
 * Gradient of a depthwise convolution (channel multiplier 1) with respect to its filter, tap by tap:
 *   dW[kh, kw, c] = Σ_{b,y,x} X[b, y·s + kh·d − top, x·s + kw·d − left, c] · dY[b, y, x, c]
 */
export const depthwiseBackpropFilter: KernelConfig = {
  kernelName: DepthwiseConv2dNativeBackpropFilter,
  backendName: 'wasm',
  kernelFunc: ({ inputs, attrs, backend }) => {
    const { x, dy } = inputs as unknown as { x: TensorInfo; dy: TensorInfo };
    const { strides, dilations, pad, dimRoundingMode, filterShape } = attrs as unknown as Attributes;
    if (filterShape[3] !== 1)
      throw new Error('depthwise gradients on wasm take a channel multiplier of 1 only');
    const shape = x.shape as [number, number, number, number];
    const info = backend_util.computeConv2DInfo(
      shape,
      filterShape,
      strides,
      dilations,
      pad,
      dimRoundingMode,
      true,
    );
    const { filterHeight, filterWidth, outHeight, outWidth, strideHeight, strideWidth, padInfo } = info;
    const [batch, , , channels] = shape;
    return compose(backend, (call) => {
      // Windows may end beyond the given padding only when they do not exist, so this covers every tap.
      const padded = call(
        'PadV2',
        { x },
        {
          paddings: [
            [0, 0],
            [padInfo.top, padInfo.bottom],
            [padInfo.left, padInfo.right],
            [0, 0],
          ],
          constantValue: 0,
        },
      );
      const taps: TensorInfo[] = [];
      for (let kh = 0; kh < filterHeight; kh++) {
        for (let kw = 0; kw < filterWidth; kw++) {
          const top = kh * info.dilationHeight;
          const left = kw * info.dilationWidth;
          const seen = call(
            'StridedSlice',
            { x: padded },
            {
              begin: [0, top, left, 0],
              end: [
                batch,
                top + (outHeight - 1) * strideHeight + 1,
                left + (outWidth - 1) * strideWidth + 1,
                channels,
              ],
              strides: [1, strideHeight, strideWidth, 1],
              beginMask: 0,
              endMask: 0,
              ellipsisMask: 0,
              newAxisMask: 0,
              shrinkAxisMask: 0,
            },
          );
          const product = call('Multiply', { a: seen, b: dy }, {});
          const flat = call('Reshape', { x: product }, { shape: [batch * outHeight * outWidth, channels] });
          taps.push(call('Sum', { x: flat }, { axis: 0, keepDims: true }));
        }
      }
      const stacked = call('Concat', taps, { axis: 0 });
      return call('Reshape', { x: stacked }, { shape: filterShape });
    });
  },
};
