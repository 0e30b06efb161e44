import type { Method } from '../../types.ts';
import { totNetActivations } from './activations.ts';
import { totNetWeights } from './weights.ts';

/** TOT-Net (Nazari, Loni, Salehi, Daneshtalab, Sjödin, DSD 2019): ternary weights, ternary activations, chosen functions. */
export const totNet: Method = {
  card: {
    id: 'tot-net',
    title: 'TOT-Net',
    sentence:
      'Ternary weights per filter and ternary activations per sample, after an activation function made of two chosen halves.',
    quantizes: ['weights', 'activations'],
    bits: { weights: 2, activations: 2 },
    forward: [
      'after each step: W ← clip(W − mean of W over the input channels, −1, 1)',
      'per filter: Δ_W = 0.7 · mean|W|; T = +1 if W > Δ_W; −1 if W < −Δ_W; else 0',
      'per filter: α_W = mean of |W| where T ≠ 0; W_q = α_W · T',
      'u = f(x): left half for x < 0, right half for x ≥ 0',
      'per sample: Δ = 0.7 · mean|u|; T = +1 if u > Δ; −1 if u < −Δ; else 0; α = mean of |u| where T ≠ 0',
      'x_q = α · T; deployed with the running averages of Δ and α',
    ],
    gradient: [
      "dL/dx = dL/dx_q · 1[|u| < 1] · f'(x)",
      'exact: dL/dW = α_W · 1[|W| ≤ 1] · g + T · (Σ T · g)/K, K the number of kept weights, g = dL/dW_q',
      'repo-cifar: dL/dW = [mean|W| · 1[|W| ≤ 1] · g + sgn(W) · (Σ sgn(W) · g)/n] · (1 − 1/c_in) · n',
      'repo-imagenet: dL/dW = [α_W · 1[|W| ≤ 1] · g + T · (Σ T · g)/n] · (1 − 1/c_in) · n · 10⁹',
    ],
    paper: {
      title: 'TOT-Net: An Endeavor Toward Optimizing Ternary Neural Networks',
      authors: 'N. Nazari, M. Loni, M. E. Salehi, M. Daneshtalab, M. Sjödin',
      year: 2019,
      venue: 'DSD',
      url: 'https://doi.org/10.1109/DSD.2019.00052',
    },
    departures: [
      'The activation function stands right before the ternarizer, after batch norm; in the authors’ code batch norm stands between them.',
      'Both halves of the function are honoured; in the authors’ code the right half is forced to the identity.',
      'A layer with one input channel is not mean-centred (it would become 0), and its published gradient forms lack the factor 1 − 1/c_in.',
      'The repo-imagenet form takes the second term for every filter; in the authors’ code it is lost for all but the last.',
      'The running averages for deployment are an addition: the paper’s statistics depend on each sample. They start from the first batch; `statistics: running` trains with them as they are, for a fine-tuning of the network that is deployed.',
      'The authors’ successor TAS trains the factor of the threshold; here it is a number.',
    ],
  },
  weights: totNetWeights,
  activations: totNetActivations,
};
