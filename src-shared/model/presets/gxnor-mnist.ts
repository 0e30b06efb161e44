import { lowBitLenet } from './parts/low-bit-lenet.ts';

/**
 * The MNIST network of GXNOR-Net (Deng et al. 2018): 32C5 – MP2 – 64C5 – MP2 – 512FC – SVM, convolutions without
 * padding, batch norm (ε = 1e-4, running average factor 0.1) after the pooling. It is the chain of `lenet5` under the
 * name that recipes refer to; train it with squared hinge loss.
 */
export const gxnorMnist = lowBitLenet({
  id: 'gxnor-mnist',
  title: 'GXNOR-Net, MNIST',
  description: '32C5 – MP2 – 64C5 – MP2 – 512FC – output, for squared hinge loss',
  source: 'GXNOR-Net, Deng et al., arXiv 1705.09283: AcrossV/Gated-XNOR',
});
