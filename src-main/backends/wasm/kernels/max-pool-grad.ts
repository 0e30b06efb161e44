import { backend_util, MaxPoolGrad, type KernelConfig, type TensorInfo } from '@tensorflow/tfjs-core';
import type { BackendWasm } from '@tensorflow/tfjs-backend-wasm';

interface Attributes {
  filterSize: [number, number] | number;
  strides: [number, number] | number;
  pad: 'valid' | 'same' | number | backend_util.ExplicitPadding;
  dimRoundingMode?: 'floor' | 'round' | 'ceil';
}

/**
 * Gradient of maximum pooling: each window's gradient goes to its first largest element. The back end's own kernel loses
 * the gradient of every window whose maximum is negative, which is half of them before a batch norm.
 */
export const maxPoolGrad: KernelConfig = {
  kernelName: MaxPoolGrad,
  backendName: 'wasm',
  kernelFunc: ({ inputs, attrs, backend }) => {
    const { dy, input } = inputs as unknown as { dy: TensorInfo; input: TensorInfo };
    const { filterSize, strides, pad, dimRoundingMode } = attrs as unknown as Attributes;
    const shape = input.shape as [number, number, number, number];
    const info = backend_util.computePool2DInfo(shape, filterSize, strides, 1, pad, dimRoundingMode);
    const wasm = backend as BackendWasm;
    const dx = wasm.makeOutput(input.shape, 'float32');
    // Views are taken after the allocation, which may move the heap.
    const [from, rise, to] = [input, dy, dx].map((tensor) => wasm.typedArrayFromHeap(tensor) as Float32Array);
    if (from && rise && to) scatter(info, from, rise, to);
    return dx;
  },
};

function scatter(info: backend_util.Conv2DInfo, x: Float32Array, dy: Float32Array, dx: Float32Array): void {
  const { batchSize, inHeight, inWidth, inChannels: channels, outHeight, outWidth } = info;
  const { strideHeight, strideWidth, filterHeight, filterWidth, padInfo } = info;
  dx.fill(0);
  let out = 0;
  for (let batch = 0; batch < batchSize; batch++) {
    const image = batch * inHeight * inWidth;
    for (let oy = 0; oy < outHeight; oy++) {
      const top = oy * strideHeight - padInfo.top;
      const [firstRow, endRow] = [Math.max(0, top), Math.min(inHeight, top + filterHeight)];
      for (let ox = 0; ox < outWidth; ox++) {
        const left = ox * strideWidth - padInfo.left;
        const [firstColumn, endColumn] = [Math.max(0, left), Math.min(inWidth, left + filterWidth)];
        for (let c = 0; c < channels; c++, out++) {
          let largest = -Infinity;
          let at = -1;
          for (let row = firstRow; row < endRow; row++) {
            let index = (image + row * inWidth + firstColumn) * channels + c;
            for (let column = firstColumn; column < endColumn; column++, index += channels) {
              const value = x[index] as number;
              if (value > largest) {
                largest = value;
                at = index;
              }
            }
          }
          if (at >= 0) dx[at] = (dx[at] as number) + (dy[out] as number);
        }
      }
    }
  }
}
