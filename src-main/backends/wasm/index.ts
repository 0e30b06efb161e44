import * as os from 'node:os';
import '@tensorflow/tfjs-backend-wasm';
import { useBackend } from '../tfjs.ts';
import type { BackEnd } from '../types.ts';
import { registerTrainingKernels } from './kernels/register.ts';

/** WebAssembly with SIMD on one core of any processor: always there. */
export const wasm: BackEnd = {
  id: 'wasm',
  title: 'WebAssembly (processor)',
  probe: () => {
    const [cpu] = os.cpus();
    const model = cpu?.model.trim() ?? 'processor';
    return Promise.resolve({ available: true, name: model, reason: null, remedy: null, software: false });
  },
  activate: async () => {
    registerTrainingKernels();
    await useBackend('wasm');
  },
};
