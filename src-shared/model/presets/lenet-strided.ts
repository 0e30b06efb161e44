import { GraphBuilder } from './parts/builder.ts';
import { modelPreset } from './types.ts';

/**
 * A LeNet for 16 KB of flash: the first convolution strides instead of being pooled, so that the step with the largest
 * map costs little in training and on the device, and its width goes where ternary codes lose most. The network of `bitsmith demo`.
 */
export const lenetStrided = modelPreset({
  id: 'lenet-strided',
  title: 'LeNet, strided',
  description: '24C5/2 – 32C3 – MP2 – 64C3 – output, batch norm after each layer',
  source: 'LeCun et al., 1998, for ternary weights in 16 KB of flash',
  usual: { shape: [28, 28, 1], classes: 10 },
  layers: (_shape, classes) => {
    const graph = new GraphBuilder();
    graph.conv(24, 5, { padding: 'valid', strides: 2 }).norm().act();
    graph.conv(32, 3, { padding: 'valid' }).maxPool(2).norm().act();
    graph.conv(64, 3, { padding: 'valid' }).norm().act();
    return graph.flatten().dense(classes).norm();
  },
});
