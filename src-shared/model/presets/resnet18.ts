import { imagenetResnet } from './parts/imagenet-resnet.ts';

/** ResNet-18. TGA ternarizes every layer of it; most others keep the first and the last in floating point. */
export const resnet18 = imagenetResnet({
  id: 'resnet18',
  title: 'ResNet-18',
  blocks: [2, 2, 2, 2],
  bottleneck: false,
});
