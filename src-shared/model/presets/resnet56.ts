import { cifarResnet } from './parts/cifar-resnet.ts';

export const resnet56 = cifarResnet(56);
