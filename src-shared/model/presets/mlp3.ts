import { GraphBuilder } from './parts/builder.ts';
import { modelPreset } from './types.ts';

/** Three dense layers with 256 hidden units each. */
export const mlp3 = modelPreset({
  id: 'mlp3',
  title: 'MLP, three layers',
  description: '256FC – 256FC – output, batch norm after each layer',
  source: 'a plain multi-layer perceptron',
  usual: { shape: [28, 28, 1], classes: 10 },
  layers: (_shape, classes) => {
    const graph = new GraphBuilder().flatten();
    for (let layer = 0; layer < 2; layer++) graph.dense(256).norm().act();
    return graph.dense(classes).norm();
  },
});
