import { bnnVgg } from './parts/bnn-vgg.ts';

/**
 * The CIFAR-10 network of GXNOR-Net (Deng et al., Neural Networks 100, 2018, arXiv 1705.09283, and its code): 2×128C3 –
 * MP2 – 2×256C3 – MP2 – 2×512C3 – MP2 – 1024FC – output, padding 1; pooling, then batch norm (ε = 1e-4), then the
 * activation. All layers have discrete weights; train it with squared hinge loss.
 */
export const gxnorCifar = bnnVgg({
  id: 'gxnor-cifar',
  title: 'GXNOR-Net, CIFAR-10',
  dense: 1,
  binary: false,
  source: 'GXNOR-Net, Deng et al., arXiv 1705.09283: AcrossV/Gated-XNOR',
});
