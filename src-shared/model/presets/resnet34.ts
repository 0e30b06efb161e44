import { imagenetResnet } from './parts/imagenet-resnet.ts';

export const resnet34 = imagenetResnet({
  id: 'resnet34',
  title: 'ResNet-34',
  blocks: [3, 4, 6, 3],
  bottleneck: false,
});
