import { messageOf } from '#shared/base/errors.ts';
import { useBackend } from '../tfjs.ts';
import { missing, type BackEnd, type Probe } from '../types.ts';

const REMEDY =
  'it needs Linux or Windows with an NVIDIA driver, CUDA 11.2 and cuDNN 8.1; then run ' +
  '`npm install @tensorflow/tfjs-node-gpu` where its libtensorflow can be downloaded. The WebGPU back end uses the same ' +
  'card without any of this';

// A variable, so that neither the compiler nor the bundler looks for an optional package.
const PACKAGE = '@tensorflow/tfjs-node-gpu';

/** libtensorflow with CUDA, an optional package. */
export const tensorflow: BackEnd = {
  id: 'tensorflow',
  title: 'TensorFlow (CUDA)',
  probe: async (): Promise<Probe> => {
    try {
      await import(PACKAGE);
    } catch (error) {
      const notInstalled = error instanceof Error && 'code' in error && error.code === 'ERR_MODULE_NOT_FOUND';
      const reason = notInstalled
        ? `the optional package ${PACKAGE} is not installed`
        : `${PACKAGE} cannot be loaded: ${messageOf(error).split('\n')[0] ?? ''}`;
      return missing(reason, REMEDY);
    }
    return { available: true, name: 'libtensorflow', reason: null, remedy: null, software: false };
  },
  activate: async () => {
    await import(PACKAGE);
    await useBackend('tensorflow');
  },
};
