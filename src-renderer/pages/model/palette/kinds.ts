import { LAYER_KINDS } from '#shared/model/layers/registry.ts';

export interface KindLook {
  icon: string;
  section: string;
}

const LOOKS: Readonly<Record<string, KindLook>> = {
  conv2d: { icon: 'i-lucide-grid-3x3', section: 'Weights' },
  'depthwise-conv2d': { icon: 'i-lucide-layers-2', section: 'Weights' },
  dense: { icon: 'i-lucide-network', section: 'Weights' },
  'batch-norm': { icon: 'i-lucide-align-center-vertical', section: 'Values' },
  activation: { icon: 'i-lucide-chart-spline', section: 'Values' },
  dropout: { icon: 'i-lucide-droplets', section: 'Values' },
  'max-pool': { icon: 'i-lucide-minimize-2', section: 'Pooling' },
  'average-pool': { icon: 'i-lucide-shrink', section: 'Pooling' },
  'global-average-pool': { icon: 'i-lucide-circle-dot', section: 'Pooling' },
  add: { icon: 'i-lucide-plus', section: 'Structure' },
  'shortcut-a': { icon: 'i-lucide-redo-dot', section: 'Structure' },
  flatten: { icon: 'i-lucide-move-horizontal', section: 'Structure' },
};

export function lookOf(kind: string): KindLook {
  return LOOKS[kind] ?? { icon: 'i-lucide-box', section: 'Structure' };
}

export function titleOf(kind: string): string {
  return LAYER_KINDS.find((candidate) => candidate.kind === kind)?.title ?? (kind || 'Unknown kind');
}

/** Something of the palette: one layer, or several that follow each other. */
export interface PaletteItem {
  id: string;
  title: string;
  icon: string;
  section: string;
  kinds: readonly string[];
}

const BLOCKS: readonly PaletteItem[] = [
  ['conv-block', 'Conv, norm, activation', ['conv2d', 'batch-norm', 'activation']],
  [
    'separable-block',
    'Depthwise separable',
    ['depthwise-conv2d', 'batch-norm', 'activation', 'conv2d', 'batch-norm', 'activation'],
  ],
  ['dense-block', 'Dense, norm, activation', ['dense', 'batch-norm', 'activation']],
].map(([id, title, kinds]) => ({
  id: id as string,
  title: title as string,
  icon: 'i-lucide-rows-3',
  section: 'Blocks',
  kinds: kinds as string[],
}));

export const PALETTE: readonly PaletteItem[] = [
  ...LAYER_KINDS.map(({ kind, title }) => ({ id: kind, title, ...lookOf(kind), kinds: [kind] })),
  ...BLOCKS,
];
export const SECTIONS = ['Weights', 'Values', 'Pooling', 'Structure', 'Blocks'] as const;

export function paletteItem(id: string): PaletteItem | undefined {
  return PALETTE.find((item) => item.id === id);
}

/** The data type under which a dragged item of the palette travels. */
export const PALETTE_TYPE = 'application/x-bitsmith-layer';
