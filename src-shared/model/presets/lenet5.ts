import { lowBitLenet } from './parts/low-bit-lenet.ts';

/**
 * LeNet-5 in the form that low-bit papers use (LeCun et al. 1998; 32C5-MP2-64C5-MP2-512FC of Li et al. 2016), with batch
 * norm after every layer.
 */
export const lenet5 = lowBitLenet({
  id: 'lenet5',
  title: 'LeNet-5',
  description: '32C5 – MP2 – 64C5 – MP2 – 512FC – output, batch norm after each layer',
  source: 'LeCun et al., 1998, in the form of TWN, Li et al., arXiv 1605.04711',
});
