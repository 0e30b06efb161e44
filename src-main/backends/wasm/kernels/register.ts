import { registerKernel, unregisterKernel, getKernel, type KernelConfig } from '@tensorflow/tfjs-core';
import { batchMatMul } from './batch-mat-mul.ts';
import { conv2dBackpropFilter } from './conv2d-backprop-filter.ts';
import { conv2dBackpropInput } from './conv2d-backprop-input.ts';
import { depthwiseBackpropFilter } from './depthwise-backprop-filter.ts';
import { depthwiseBackpropInput } from './depthwise-backprop-input.ts';
import { meanLeading, sumLeading } from './reduce-leading.ts';
import { maxPoolGrad } from './max-pool-grad.ts';

/**
 * Kernels that the wasm back end lacks for training, and those of its own that are too slow for it or wrong. A new one:
 * its file here, and one line in this list.
 */
const KERNELS: readonly KernelConfig[] = [
  conv2dBackpropFilter,
  conv2dBackpropInput,
  depthwiseBackpropFilter,
  depthwiseBackpropInput,
  maxPoolGrad,
  batchMatMul,
  sumLeading,
  meanLeading,
];

let registered = false;

/** Idempotent. */
export function registerTrainingKernels(): void {
  if (registered) return;
  registered = true;
  for (const kernel of KERNELS) {
    if (getKernel(kernel.kernelName, kernel.backendName))
      unregisterKernel(kernel.kernelName, kernel.backendName);
    registerKernel(kernel);
  }
}
