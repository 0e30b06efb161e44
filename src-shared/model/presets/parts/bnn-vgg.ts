import { modelPreset, type ModelPreset } from '../types.ts';
import { GraphBuilder } from './builder.ts';

interface Facts {
  id: string;
  title: string;
  source: string;
  /** Hidden dense layers of 1024 units. */
  dense: 1 | 2;
  /** Its paper's activations are binary. */
  binary: boolean;
}

/** The VGG of BNN, with one or two hidden dense layers. Biases before a batch norm change nothing and are left out. */
export function bnnVgg({ id, title, source, dense, binary }: Facts): ModelPreset {
  return modelPreset({
    id,
    title,
    source,
    description: `2×128C3 – MP2 – 2×256C3 – MP2 – 2×512C3 – MP2 – ${dense === 1 ? '' : '2×'}1024FC – output, for squared hinge loss`,
    usual: { shape: [32, 32, 3], classes: 10 },
    ...(binary ? { padsActivations: true } : {}),
    layers: (_shape, classes) => {
      const graph = new GraphBuilder();
      for (const filters of [128, 256, 512]) {
        graph.conv(filters, 3, { padding: 1 }).norm().act();
        graph.conv(filters, 3, { padding: 1 }).maxPool(2).norm().act();
      }
      graph.flatten();
      for (let layer = 0; layer < dense; layer++) graph.dense(1024).norm().act();
      return graph.dense(classes).norm();
    },
  });
}
