import { cifarResnet } from './parts/cifar-resnet.ts';

export const resnet32 = cifarResnet(32);
