import { GraphBuilder } from './parts/builder.ts';
import { modelPreset } from './types.ts';

/** A small LeNet for microcontrollers: no hidden dense layer, a few thousand weights. */
export const lenetSmall = modelPreset({
  id: 'lenet-small',
  title: 'LeNet, small',
  description: '16C5 – MP2 – 32C5 – MP2 – output, batch norm after each layer',
  source: 'LeCun et al., 1998, made smaller',
  usual: { shape: [28, 28, 1], classes: 10 },
  layers: (_shape, classes) => {
    const graph = new GraphBuilder();
    for (const filters of [16, 32]) graph.conv(filters, 5, { padding: 'valid' }).maxPool(2).norm().act();
    return graph.flatten().dense(classes).norm();
  },
});
