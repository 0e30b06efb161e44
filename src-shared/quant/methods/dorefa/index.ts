import type { Method } from '../../types.ts';
import { activations } from './activations.ts';
import { weights } from './weights.ts';

/** DoReFa-Net (Zhou, Wu, Ni, Zhou, Wen, Zou, arXiv 1606.06160). */
export const dorefa: Method = {
  card: {
    id: 'dorefa',
    title: 'DoReFa-Net',
    sentence: 'Weights, activations and (as an option) gradients of 1 to 8 bits each, on fixed ranges.',
    quantizes: ['weights', 'activations'],
    bits: { weights: 1, activations: 2 },
    forward: [
      'quantize_k(u) = round((2^k − 1) · u) / (2^k − 1)',
      'weights, k = 1: W_q = mean|W| · sgn(W), the mean over the layer, sgn(0) = +1',
      'weights, k > 1: W_q = 2 · quantize_k(tanh(W) / (2 · max|tanh W|) + ½) − 1',
      'activations: x_q = quantize_k(clip(x, 0, 1))',
    ],
    gradient: [
      'k = 1: dL/dW = dL/dW_q; k > 1: dL/dW = dL/dW_q · (1 − tanh² W) / max|tanh W|',
      'dL/dx = dL/dx_q · 1[0 ≤ x ≤ 1]',
      'gradient bits: g_q = 2M · (quantize_k(clip(g/(2M) + ½ + U(−½, ½)/(2^k − 1), 0, 1)) − ½), M = max|g| of a sample',
    ],
    paper: {
      title: 'DoReFa-Net: Training Low Bitwidth Convolutional Neural Networks with Low Bitwidth Gradients',
      authors: 'S. Zhou, Y. Wu, Z. Ni, X. Zhou, H. Wen, Y. Zou',
      year: 2016,
      venue: 'arXiv',
      url: 'https://arxiv.org/abs/1606.06160',
    },
    departures: [
      'max|tanh W| is a constant in the backward pass by default; the authors’ code differentiates it (`stopGradientAtMax`).',
      'Gradients are quantized where they leave the activation layer, before batch norm, not at the output of the convolution.',
      'A half is rounded up, so that deployed thresholds are all inclusive.',
      '32 bits are the method full-precision.',
    ],
  },
  weights,
  activations,
};
