import { modelPreset, type ModelPreset } from '../types.ts';
import { GraphBuilder } from './builder.ts';

/** 32C5 – MP2 – 64C5 – MP2 – 512FC – output without padding; pooling, then batch norm, then the activation. */
export function lowBitLenet(
  facts: Pick<ModelPreset, 'id' | 'title' | 'description' | 'source'>,
): ModelPreset {
  return modelPreset({
    ...facts,
    usual: { shape: [28, 28, 1], classes: 10 },
    layers: (_shape, classes) => {
      const graph = new GraphBuilder();
      for (const filters of [32, 64]) graph.conv(filters, 5, { padding: 'valid' }).maxPool(2).norm().act();
      return graph.flatten().dense(512).norm().act().dense(classes).norm();
    },
  });
}
