import { ChainBuilder, type ModelPreset } from './types.ts';

/** VGG-small for 32×32 images, as in LQ-Nets and HWGQ: 2×128C3 – MP2 – 2×256C3 – MP2 – 2×512C3 – MP2 – output. */
export const vggSmall: ModelPreset = {
  id: 'vgg-small',
  title: 'VGG-small',
  description: '2×128C3 – MP2 – 2×256C3 – MP2 – 2×512C3 – MP2 – output, batch norm after each layer',
  usual: { shape: [32, 32, 3], classes: 10 },
  build: (shape, classes) => {
    const chain = new ChainBuilder();
    for (const filters of [128, 256, 512]) {
      chain.conv(filters, 3).norm().act().conv(filters, 3).maxPool().norm().act();
    }
    return chain.flatten().dense(classes).norm().spec('vgg-small', shape);
  },
};
