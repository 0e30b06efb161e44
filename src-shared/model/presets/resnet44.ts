import { cifarResnet } from './parts/cifar-resnet.ts';

export const resnet44 = cifarResnet(44);
