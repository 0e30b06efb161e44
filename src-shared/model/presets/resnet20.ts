import { cifarResnet } from './parts/cifar-resnet.ts';

export const resnet20 = cifarResnet(20);
