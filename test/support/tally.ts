/** What a network costs, added up from a list of its layers and nothing of the sources: multiply-accumulates and trained numbers. */
export class Tally {
  parameters = 0;
  macs = 0;
  conv(map: number, kernel: number, from: number, to: number, bias = false): this {
    this.parameters += kernel * from * to + (bias ? to : 0);
    this.macs += map * kernel * from * to;
    return this;
  }
  dense(from: number, to: number, bias = false): this {
    return this.conv(1, 1, from, to, bias);
  }
  norms(...channels: number[]): this {
    for (const count of channels) this.parameters += 2 * count;
    return this;
  }
}

/** Basic blocks of a residual network: pixels of the map, channels, blocks; a projection where one asks for it. */
export function basicStages(
  tally: Tally,
  first: number,
  stages: [number, number, number][],
  projected: boolean,
): Tally {
  let from = first;
  for (const [map, to, blocks] of stages) {
    for (let block = 0; block < blocks; block++) {
      tally.conv(map, 9, from, to).conv(map, 9, to, to).norms(to, to);
      if (from !== to && projected) tally.conv(map, 1, from, to).norms(to);
      from = to;
    }
  }
  return tally;
}

const cifarResnet = (blocks: number, projected = false) =>
  basicStages(
    new Tally().conv(1024, 9, 3, 16).norms(16),
    16,
    [
      [1024, 16, blocks],
      [256, 32, blocks],
      [64, 64, blocks],
    ],
    projected,
  ).dense(64, 10, true);

const basicResnet = (counts: [number, number, number, number]) =>
  basicStages(
    new Tally().conv(112 ** 2, 49, 3, 64).norms(64),
    64,
    [
      [56 ** 2, 64, counts[0]],
      [28 ** 2, 128, counts[1]],
      [14 ** 2, 256, counts[2]],
      [7 ** 2, 512, counts[3]],
    ],
    true,
  ).dense(512, 1000, true);

/** ResNet-50; `early`: the stride is in the first convolution of a block. */
function bottleneckResnet(early: boolean): Tally {
  const tally = new Tally().conv(112 ** 2, 49, 3, 64).norms(64);
  let from = 64;
  let before = 56 ** 2;
  for (const [side, width, blocks] of [
    [56, 64, 3],
    [28, 128, 4],
    [14, 256, 6],
    [7, 512, 3],
  ] as const) {
    for (let block = 0; block < blocks; block++) {
      const map = side ** 2;
      const entry = block === 0 && !early ? before : map;
      tally
        .conv(entry, 1, from, width)
        .conv(map, 9, width, width)
        .conv(map, 1, width, 4 * width);
      tally.norms(width, width, 4 * width);
      if (block === 0) tally.conv(map, 1, from, 4 * width).norms(4 * width);
      from = 4 * width;
      before = map;
    }
  }
  return tally.dense(2048, 1000, true);
}

function bnnVgg(hidden: number[]): Tally {
  const tally = new Tally().conv(1024, 9, 3, 128).conv(1024, 9, 128, 128).conv(256, 9, 128, 256);
  tally
    .conv(256, 9, 256, 256)
    .conv(64, 9, 256, 512)
    .conv(64, 9, 512, 512)
    .norms(128, 128, 256, 256, 512, 512);
  let from = 16 * 512;
  for (const units of hidden) {
    tally.dense(from, units).norms(units);
    from = units;
  }
  return tally.dense(from, 10).norms(10);
}

function mlp(units: number[]): Tally {
  const tally = new Tally();
  units.slice(1).forEach((to, i) => tally.dense(units[i] ?? 0, to).norms(to));
  return tally;
}

function lenet(first: number, second: number, hidden: number[]): Tally {
  const tally = new Tally().conv(576, 25, 1, first).conv(64, 25, first, second).norms(first, second);
  let from = 16 * second;
  for (const units of [...hidden, 10]) {
    tally.dense(from, units).norms(units);
    from = units;
  }
  return tally;
}

export const MOBILENET = [
  [64, 1],
  [128, 2],
  [128, 1],
  [256, 2],
  [256, 1],
  [512, 2],
  [512, 1],
  [512, 1],
  [512, 1],
  [512, 1],
  [512, 1],
  [1024, 2],
  [1024, 1],
] as const;

export function mobilenet(width: number, side: number, classes: number): Tally {
  let [from, map] = [32 * width, side / 2];
  const tally = new Tally().conv(map ** 2, 9, 3, from).norms(from);
  for (const [filters, stride] of MOBILENET) {
    map /= stride;
    tally
      .conv(map ** 2, 9, from, 1)
      .conv(map ** 2, 1, from, filters * width)
      .norms(from, filters * width);
    from = filters * width;
  }
  return tally.dense(from, classes, true);
}

function dsCnn(): Tally {
  const tally = new Tally().conv(125, 40, 1, 64, true).norms(64);
  for (let pair = 0; pair < 4; pair++) {
    tally.conv(125, 9, 64, 1).conv(125, 1, 64, 64, true).norms(64, 64);
    tally.parameters += 64;
  }
  return tally.dense(64, 12, true);
}

function resnet8(): Tally {
  const tally = new Tally().conv(1024, 9, 3, 16, true).norms(16);
  let from = 16;
  for (const [map, to] of [
    [1024, 16],
    [256, 32],
    [64, 64],
  ] as const) {
    tally.conv(map, 9, from, to, true).conv(map, 9, to, to, true).norms(to, to);
    if (from !== to) tally.conv(map, 1, from, to, true);
    from = to;
  }
  return tally.dense(64, 10, true);
}

/** The batch norms without affine, the first and the last, are not in its parameters. */
function nin(): Tally {
  const tally = new Tally()
    .conv(1024, 25, 3, 192, true)
    .conv(1024, 1, 192, 160, true)
    .conv(1024, 1, 160, 96, true);
  tally.conv(256, 25, 96, 192, true).conv(256, 1, 192, 192, true).conv(256, 1, 192, 192, true);
  tally.conv(64, 9, 192, 192, true).conv(64, 1, 192, 192, true).conv(64, 1, 192, 10, true);
  return tally.norms(192, 160, 96, 192, 192, 192, 192);
}

function alexnet(dense: number): Tally {
  const tally = new Tally()
    .conv(55 ** 2, 121, 3, 96)
    .conv(27 ** 2, 25, 96, 256)
    .conv(13 ** 2, 9, 256, 384);
  tally
    .conv(13 ** 2, 9, 384, 384)
    .conv(13 ** 2, 9, 384, 256)
    .norms(96, 256, 384, 384, 256);
  return tally
    .dense(36 * 256, dense)
    .dense(dense, dense)
    .norms(dense, dense)
    .dense(dense, 1000, true);
}

function alexnetCifar(): Tally {
  const tally = new Tally().conv(1024, 9, 3, 64).conv(256, 9, 64, 192).conv(64, 9, 192, 384);
  tally.conv(64, 9, 384, 256).conv(64, 9, 256, 256).norms(64, 192, 384, 256, 256);
  return tally
    .dense(16 * 256, 4096)
    .dense(4096, 4096)
    .norms(4096, 4096)
    .dense(4096, 10)
    .norms(10);
}

function cnv(): Tally {
  const tally = new Tally().conv(900, 9, 3, 64).conv(784, 9, 64, 64).conv(144, 9, 64, 128);
  tally.conv(100, 9, 128, 128).conv(9, 9, 128, 256).conv(1, 9, 256, 256).norms(64, 64, 128, 128, 256, 256);
  return tally.dense(256, 512).dense(512, 512).norms(512, 512).dense(512, 10).norms(10);
}

function dorefaNet(): Tally {
  const tally = new Tally().conv(784, 25, 3, 48, true).conv(196, 9, 48, 64).conv(196, 9, 64, 64);
  tally.conv(25, 9, 64, 128).conv(25, 9, 128, 128).conv(9, 9, 128, 128).conv(1, 9, 128, 512);
  return tally.norms(64, 64, 128, 128, 128, 512).dense(512, 10, true);
}

export const TALLIES: Record<string, Tally> = {
  'lenet-small': lenet(16, 32, []),
  'lenet-strided': new Tally()
    .conv(144, 25, 1, 24)
    .conv(100, 9, 24, 32)
    .conv(9, 9, 32, 64)
    .norms(24, 32, 64)
    .dense(576, 10)
    .norms(10),
  lenet5: lenet(32, 64, [512]),
  'gxnor-mnist': lenet(32, 64, [512]),
  mlp3: mlp([784, 256, 256, 10]),
  'bnn-mnist': mlp([784, 4096, 4096, 4096, 10]),
  'rebnet-mnist': mlp([784, 256, 256, 256, 256, 10]),
  'vgg-small': bnnVgg([]),
  'bnn-cifar': bnnVgg([1024, 1024]),
  'gxnor-cifar': bnnVgg([1024]),
  cnv: cnv(),
  nin: nin(),
  alexnet: alexnet(4096),
  'alexnet-cifar': alexnetCifar(),
  resnet20: cifarResnet(3),
  resnet32: cifarResnet(5),
  resnet44: cifarResnet(7),
  resnet56: cifarResnet(9),
  resnet8: resnet8(),
  'ds-cnn': dsCnn(),
  'dorefa-net': dorefaNet(),
  'mobilenet-v1': mobilenet(1, 224, 1000),
  resnet18: basicResnet([2, 2, 2, 2]),
  resnet34: basicResnet([3, 4, 6, 3]),
  resnet50: bottleneckResnet(false),
  'bi-real-18': basicResnet([2, 2, 2, 2]),
};
