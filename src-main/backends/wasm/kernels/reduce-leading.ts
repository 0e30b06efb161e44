import { getKernel, Mean, Sum, util, type KernelConfig, type TensorInfo } from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-wasm';
import { compose } from './call.ts';

interface Attributes {
  axis: number | number[];
  keepDims: boolean;
}

/** Below it the back end's own kernel is as fast. */
const SMALL = 2048;

/**
 * Sum and mean over the leading axes: per channel of a feature map, per filter of a kernel. The back end's own kernels
 * transpose first and are tens of times slower than a product with a row of ones, which gives the same sums.
 */
function reduceLeading(name: typeof Sum | typeof Mean): KernelConfig {
  const original = getKernel(name, 'wasm');
  return {
    kernelName: name,
    backendName: 'wasm',
    ...(original?.setupFunc ? { setupFunc: original.setupFunc } : {}),
    kernelFunc: (parameters) => {
      if (!original) throw new Error(`the wasm back end has no ${name}`);
      const { x } = parameters.inputs as unknown as { x: TensorInfo };
      const { axis, keepDims } = parameters.attrs as unknown as Attributes;
      const axes = util.parseAxisParam(axis, x.shape).sort((a, b) => a - b);
      const leading = axes.every((each, i) => each === i);
      const rows = util.sizeFromShape(x.shape.slice(0, axes.length));
      const columns = util.sizeFromShape(x.shape.slice(axes.length));
      if (!leading || columns === 1 || x.dtype !== 'float32' || rows * columns < SMALL)
        return original.kernelFunc(parameters);
      const rest = x.shape.slice(axes.length);
      return compose(parameters.backend, (call) => {
        const a = call('Fill', {}, { shape: [1, 1, rows], value: 1, dtype: 'float32' });
        const b = call('Reshape', { x }, { shape: [1, rows, columns] });
        const sums = call('BatchMatMul', { a, b }, { transposeA: false, transposeB: false });
        const shaped = call(
          'Reshape',
          { x: sums },
          { shape: keepDims ? [...axes.map(() => 1), ...rest] : rest },
        );
        if (name === Sum) return shaped;
        const count = call('Fill', {}, { shape: [], value: rows, dtype: 'float32' });
        return call('RealDiv', { a: shaped, b: count }, {});
      });
    },
  };
}

export const sumLeading = reduceLeading(Sum);
export const meanLeading = reduceLeading(Mean);
