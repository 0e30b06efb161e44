import { BatchMatMul, getKernel, type KernelConfig, type TensorInfo } from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-wasm';
import { compose } from './call.ts';

interface Attributes {
  transposeA: boolean;
  transposeB: boolean;
}

const original = getKernel(BatchMatMul, 'wasm');

/**
 * Matrix product. The back end's own kernel is fast only for plain operands; a transposed one falls to a scalar loop
 * that is ten to thirty times slower. Both gradients of a dense layer transpose, so transpose first, then multiply.
 */
export const batchMatMul: KernelConfig = {
  kernelName: BatchMatMul,
  backendName: 'wasm',
  ...(original?.setupFunc ? { setupFunc: original.setupFunc } : {}),
  kernelFunc: ({ inputs, attrs, backend }) => {
    if (!original) throw new Error('the wasm back end has no BatchMatMul');
    const { a, b } = inputs as unknown as { a: TensorInfo; b: TensorInfo };
    const { transposeA, transposeB } = attrs as unknown as Attributes;
    return compose(backend, (call) => {
      const swap = (x: TensorInfo) => {
        const rank = x.shape.length;
        const perm = x.shape.map((_, axis) =>
          axis < rank - 2 ? axis : axis === rank - 2 ? rank - 1 : rank - 2,
        );
        return call('Transpose', { x }, { perm });
      };
      const plain = { a: transposeA ? swap(a) : a, b: transposeB ? swap(b) : b };
      return original.kernelFunc({
        inputs: plain,
        attrs: { transposeA: false, transposeB: false },
        backend,
      }) as TensorInfo;
    });
  },
};
