import type * as tfjs from '@tensorflow/tfjs-core';

/**
 * TensorFlow.js as a value that is handed in. `src-shared` imports its types only, never its code: so the window can
 * import every method and layer without carrying a tensor library, and the back end is chosen by whoever calls.
 */
export type TF = typeof tfjs;
export type { Tensor, Tensor1D, Tensor2D, Tensor3D, Tensor4D, Variable } from '@tensorflow/tfjs-core';
