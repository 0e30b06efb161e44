import * as tf from '@tensorflow/tfjs-core';
// Registers the gradients of all operations: tfjs-core's Node bundle does not do so by itself.
import '@tensorflow/tfjs-layers';

/** The one TensorFlow.js of the process, with gradients registered. */
export { tf };

/** Makes a registered back end the current one. @throws Error when TensorFlow.js cannot initialise it */
export async function useBackend(name: string): Promise<void> {
  if (!(await tf.setBackend(name))) throw new Error(`TensorFlow.js cannot initialise "${name}"`);
  await tf.ready();
}
