import { lenet5 } from './lenet5.ts';
import type { ModelPreset } from './types.ts';

/**
 * The MNIST network of GXNOR-Net (Deng et al. 2018): 32C5 – MP2 – 64C5 – MP2 – 512FC – SVM, convolutions without
 * padding, batch norm (ε = 1e-4, running average factor 0.1) after the pooling. It is the chain of `lenet5` under the
 * name that recipes refer to; train it with squared hinge loss.
 */
export const gxnorMnist: ModelPreset = {
  id: 'gxnor-mnist',
  title: 'GXNOR-Net, MNIST',
  description: '32C5 – MP2 – 64C5 – MP2 – 512FC – output, for squared hinge loss',
  usual: lenet5.usual,
  build: (shape, classes) => ({ ...lenet5.build(shape, classes), name: 'gxnor-mnist' }),
};
