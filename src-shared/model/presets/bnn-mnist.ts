import { z } from 'zod';
import { GraphBuilder } from './parts/builder.ts';
import { modelPreset } from './types.ts';

const options = z.strictObject({
  units: z.int().min(1).max(65536).default(4096).describe('units of each hidden layer; BinaryConnect: 2048'),
  inputDropout: z.number().min(0).lt(1).default(0.2).describe('dropout rate of the samples'),
  dropout: z.number().min(0).lt(1).default(0.5).describe('dropout rate after each activation'),
});

/**
 * The MNIST network of BNN (Courbariaux et al., arXiv 1602.02830, and their code): three hidden layers of 4096 units,
 * batch norm (ε = 1e-4) after each layer, dropout 0.2 of the input and 0.5 of the hidden layers. All layers are binary;
 * train it with squared hinge loss.
 */
export const bnnMnist = modelPreset({
  id: 'bnn-mnist',
  title: 'BNN, MNIST',
  description: '3×4096FC – output with dropout, for squared hinge loss',
  source: 'BNN, Courbariaux et al., arXiv 1602.02830: MatthieuCourbariaux/BinaryNet, mnist.py',
  usual: { shape: [28, 28, 1], classes: 10 },
  options,
  layers: (_shape, classes, { units, inputDropout, dropout }) => {
    const graph = new GraphBuilder().flatten().dropout(inputDropout);
    for (let layer = 0; layer < 3; layer++) graph.dense(units).norm().act().dropout(dropout);
    return graph.dense(classes).norm();
  },
});
