import type { IntegerGraph } from '#shared/export/ir/graph.ts';
import type { TargetId } from '#shared/export/targets/types.ts';
import { lower } from '#shared/export/passes/lower.ts';
import { presetNetwork } from '#test/support/preset-network.ts';
import { LayerGraph, type Codes, type Shape } from './layer-graphs.ts';

/** One layer, or a whole network, that is measured. */
export interface BenchCase {
  id: string;
  /** Cases of one group have one row of the summary: the geometric mean of their ratios. */
  group: string;
  /** What is measured: the layers that compute these nodes; absent: the whole inference. */
  nodes?: readonly string[];
  graph: () => IntegerGraph;
  /** Key of the baseline in `cmsis-nn.json`, and what it counts. */
  baseline?: { kind: 'mac' | 'element' | 'network'; key: string; count: number };
}

/** Ratios to reach, by group and core; every M4 goal holds for M7 and M33 where the issue says so. */
export const GOALS: Readonly<Record<string, Partial<Record<TargetId, number>>>> = {
  'ternary × ternary, 50 % zeros, 3×3': {
    'cortex-m4': 5.5,
    'cortex-m7': 5.5,
    'cortex-m33': 5.5,
    'cortex-m0plus': 11,
    rv32imc: 10,
    'cortex-m55': 2,
  },
  'ternary × ternary, 90 % zeros, 3×3': { 'cortex-m4': 14 },
  'binary × binary, 3×3': { 'cortex-m4': 9 },
  'ternary × binary, 50 % zeros, 3×3': { 'cortex-m4': 8.5 },
  'ternary × int8, 50 % zeros, 3×3': { 'cortex-m4': 4 },
  'dense 640→128, ternary × ternary, 50 % zeros': { 'cortex-m4': 4.5 },
  'residual add, ternary': { 'cortex-m4': 20 },
  'depthwise 3×3, ternary × ternary, 50 % zeros': { 'cortex-m4': 4 },
  'ResNet-8, ternary × ternary, 50 % zeros': { 'cortex-m4': 5.5 },
};

interface Reference {
  key: string;
  shape: Shape;
  filters: number;
  kernel: readonly [number, number];
}
const CONVOLUTIONS: readonly Reference[] = [
  { key: '3x3-32x32x16', shape: [32, 32, 16], filters: 16, kernel: [3, 3] },
  { key: '3x3-16x16x32', shape: [16, 16, 32], filters: 32, kernel: [3, 3] },
  { key: '3x3-8x8x64', shape: [8, 8, 64], filters: 64, kernel: [3, 3] },
];
const POINTWISE: Reference = { key: 'pw-25x5x64', shape: [25, 5, 64], filters: 64, kernel: [1, 1] };
const FIRST: Reference = { key: 'first-32x32x3', shape: [32, 32, 3], filters: 16, kernel: [3, 3] };

/** Weights and activations as a paper writes them. */
interface Style {
  title: string;
  zeros: number;
  codes: Codes;
}
const STYLES: readonly Style[] = [
  { title: 'ternary × ternary, 50 % zeros', zeros: 0.5, codes: 'ternary' },
  { title: 'ternary × ternary, 70 % zeros', zeros: 0.7, codes: 'ternary' },
  { title: 'ternary × ternary, 90 % zeros', zeros: 0.9, codes: 'ternary' },
  { title: 'binary × ternary', zeros: 0, codes: 'ternary' },
  { title: 'binary × binary', zeros: 0, codes: 'binary' },
  { title: 'ternary × binary, 50 % zeros', zeros: 0.5, codes: 'binary' },
  { title: 'ternary × binary, 90 % zeros', zeros: 0.9, codes: 'binary' },
  { title: 'ternary × int8, 50 % zeros', zeros: 0.5, codes: 'int8' },
  { title: 'ternary × int8, 90 % zeros', zeros: 0.9, codes: 'int8' },
  { title: 'binary × int8', zeros: 0, codes: 'int8' },
];

/** The layer between others that write its input and read its output as a network would; raw bytes come from outside. */
function convCase(style: Style, layer: Reference, kind: 'conv2d' | 'depthwise-conv2d' = 'conv2d'): BenchCase {
  const { shape, filters, kernel, key } = layer;
  const { zeros, codes } = style;
  const depthwise = kind === 'depthwise-conv2d';
  const where = depthwise
    ? 'depthwise 3×3'
    : kernel[0] === 1
      ? '1×1'
      : layer === FIRST
        ? 'first layer'
        : '3×3';
  const taps = kernel[0] * kernel[1] * (depthwise ? 1 : shape[2]);
  const group = depthwise ? `${where}, ${style.title}` : `${style.title}, ${where}`;
  return {
    id: `${style.title}, ${key}`,
    group,
    nodes: ['sums', 'out'],
    baseline: { kind: 'mac', key, count: shape[0] * shape[1] * filters * taps },
    graph: () => {
      const graph = new LayerGraph(group, shape);
      const outside = codes === 'binary' ? -1 : 0;
      const size = { raw: 74, int8: 45, binary: 1, ternary: 0.8 }[codes];
      if (codes === 'int8') graph.threshold('codes', codes, 74);
      else if (codes !== 'raw') {
        graph.threshold('given', codes, 74);
        graph.conv('before', shape[2], [3, 3], { zeros: 0.5, outside });
        graph.threshold('codes', codes, size * Math.sqrt(4.5 * shape[2]));
      }
      graph.conv('sums', filters, kernel, { zeros, outside, kind });
      graph.threshold(
        'out',
        codes === 'raw' || codes === 'int8' ? 'ternary' : codes,
        size * Math.sqrt(taps * (1 - zeros)),
      );
      // As in a network, a convolution reads it: the output lies in the form that this one wants.
      graph.conv('after', 8, [1, 1], { zeros: 0.5, outside });
      graph.threshold('end', codes === 'binary' ? 'binary' : 'ternary', 0.8 * Math.sqrt(filters / 2));
      return graph.finish(`bench ${key}`);
    },
  };
}

function denseCase(): BenchCase {
  const title = 'dense 640→128, ternary × ternary, 50 % zeros';
  return {
    id: title,
    group: title,
    nodes: ['sums', 'out'],
    baseline: { kind: 'mac', key: 'dense-640-128', count: 640 * 128 },
    graph: () =>
      new LayerGraph(title, [1, 1, 128])
        .threshold('given', 'ternary', 74)
        .flatten('vector-in')
        .dense('before', 640, 0.5)
        // About 60 % of the inputs are not 0, as where the other figures come from.
        .threshold('codes', 'ternary', 1.1 * Math.sqrt(64))
        .dense('sums', 128, 0.5)
        .threshold('out', 'ternary', 0.8 * Math.sqrt(320))
        .finish('bench dense'),
  };
}

/** Two maps of ternary codes that others read, too, and their sum as ternary codes again. */
function addCase(): BenchCase {
  const title = 'residual add, ternary';
  return {
    id: title,
    group: title,
    nodes: ['both', 'out'],
    baseline: { kind: 'element', key: 'add', count: 16 * 16 * 32 },
    graph: () =>
      new LayerGraph(title, [16, 16, 32])
        .threshold('given', 'ternary', 74)
        .conv('before', 32, [3, 3], { zeros: 0.5 })
        .threshold('codes', 'ternary', 0.8 * Math.sqrt(144))
        .conv('sums', 32, [3, 3], { zeros: 0.5 })
        .threshold('branch', 'ternary', 0.8 * Math.sqrt(144))
        .add('both', 'codes')
        .threshold('out', 'ternary', 1.2)
        .finish('bench add', ['branch']),
  };
}

function poolCase(): BenchCase {
  const title = 'max-pool 2×2, ternary';
  return {
    id: title,
    group: title,
    nodes: ['out'],
    baseline: { kind: 'element', key: 'max-pool-2x2', count: 16 * 16 * 32 },
    graph: () =>
      new LayerGraph(title, [16, 16, 32])
        .threshold('given', 'ternary', 74)
        .conv('before', 32, [3, 3], { zeros: 0.5 })
        .threshold('codes', 'ternary', 0.8 * Math.sqrt(144))
        .maxPool('out')
        .conv('after', 32, [3, 3], { zeros: 0.5 })
        .threshold('end', 'ternary', 0.8 * Math.sqrt(144))
        .finish('bench pool'),
  };
}

function networkCase(preset: string, title: string, activations: string, zeros: number): BenchCase {
  const words = activations === 'gxnor' ? 'ternary' : 'binary';
  const share = zeros === 0 ? 'binary' : 'ternary';
  const group = `${title}, ${share} × ${words}${zeros === 0 ? '' : `, ${zeros * 100} % zeros`}`;
  return {
    id: group,
    group,
    ...(preset === 'resnet8' ? { baseline: { kind: 'network', key: preset, count: 1 } as const } : {}),
    graph: () => lower(presetNetwork({ preset, zeros, activations, name: `bench ${preset}` })),
  };
}

export const CASES: readonly BenchCase[] = [
  ...STYLES.flatMap((style) => [...CONVOLUTIONS, POINTWISE].map((layer) => convCase(style, layer))),
  convCase({ title: 'ternary × int8, 50 % zeros', zeros: 0.5, codes: 'raw' }, FIRST),
  denseCase(),
  addCase(),
  poolCase(),
  convCase(
    { title: 'ternary × ternary, 50 % zeros', zeros: 0.5, codes: 'ternary' },
    { key: 'dw-25x5x64', shape: [25, 5, 64], filters: 64, kernel: [3, 3] },
    'depthwise-conv2d',
  ),
  networkCase('resnet8', 'ResNet-8', 'gxnor', 0.5),
  networkCase('resnet8', 'ResNet-8', 'gxnor', 0.9),
  networkCase('ds-cnn', 'DS-CNN', 'gxnor', 0.5),
  networkCase('gxnor-mnist', 'GXNOR-Net MNIST', 'gxnor', 0.5),
];
