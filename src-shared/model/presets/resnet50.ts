import { imagenetResnet } from './parts/imagenet-resnet.ts';

export const resnet50 = imagenetResnet({
  id: 'resnet50',
  title: 'ResNet-50',
  blocks: [3, 4, 6, 3],
  bottleneck: true,
});
