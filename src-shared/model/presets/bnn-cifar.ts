import { bnnVgg } from './parts/bnn-vgg.ts';

/**
 * The CIFAR-10 network of BNN and BinaryConnect (Courbariaux et al., arXiv 1602.02830, and their code): 2×128C3 – MP2 –
 * 2×256C3 – MP2 – 2×512C3 – MP2 – 1024FC – 1024FC – output, padding 1; pooling, then batch norm (ε = 1e-4), then the
 * activation. All layers are binary, the first and the last too; train it with squared hinge loss.
 */
export const bnnCifar = bnnVgg({
  id: 'bnn-cifar',
  title: 'BNN, CIFAR-10',
  dense: 2,
  binary: true,
  source: 'BNN, Courbariaux et al., arXiv 1602.02830: MatthieuCourbariaux/BinaryNet, cifar10.py',
});
