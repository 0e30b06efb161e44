import { describe, expect, it } from 'vitest';
import { prunableLayers } from '#shared/prune/prunable-layers.ts';
import { pruning } from './kernels.ts';
import { DEPTHWISE, LENET, RESIDUAL, resolved } from './networks.ts';

function ids(layers: unknown[], over: Record<string, unknown> = {}): string[] {
  return prunableLayers(resolved(layers), pruning(over)).map(({ id }) => id);
}

function couplings(
  layers: unknown[],
  over: Record<string, unknown> = {},
): Record<string, string | undefined> {
  const chosen = prunableLayers(resolved(layers), pruning({ granularity: 'channel', ...over }));
  return Object.fromEntries(chosen.map(({ id, coupling }) => [id, coupling]));
}

describe('which layers are pruned', () => {
  it('every layer with weights, with the shape of its kernel', () => {
    expect(ids(LENET)).toEqual(['conv1', 'conv2', 'dense1', 'out']);
    const [, conv2] = prunableLayers(resolved(LENET), pruning());
    expect(conv2?.shape.shape).toEqual([2, 2, 6, 8]);
  });

  it('not those whose own sparsity is the constant 0', () => {
    expect(ids(LENET, { layers: { conv1: 0, out: 0.3 } })).toEqual(['conv2', 'dense1', 'out']);
  });

  it('channels: not those that are the classes', () => {
    expect(ids(LENET, { granularity: 'channel' })).toEqual(['conv1', 'conv2', 'dense1']);
    const pooled = [
      ...LENET.slice(0, 4),
      { id: 'last', kind: 'conv2d', filters: 4, kernel: 1 },
      { id: 'gap', kind: 'global-average-pool' },
    ];
    expect(ids(pooled, { granularity: 'channel' })).toEqual(['conv1']);
  });

  it('channels: not those that are tied to the samples', () => {
    const tied = [
      { id: 'depth', kind: 'depthwise-conv2d', kernel: 3 },
      { id: 'conv', kind: 'conv2d', filters: 3, kernel: 1 },
      { id: 'add', kind: 'add', inputs: ['input', 'conv'] },
      { id: 'free', kind: 'conv2d', filters: 5, kernel: 1 },
      { id: 'act', kind: 'activation' },
      { id: 'flat', kind: 'flatten' },
      { id: 'out', kind: 'dense', units: 2 },
    ];
    const chosen = prunableLayers(resolved(tied, undefined, [4, 4, 3]), pruning({ granularity: 'channel' }));
    expect(chosen.map(({ id }) => id)).toEqual(['free']);
  });

  it('groups: not those with fewer input channels than a group has', () => {
    expect(ids(LENET, { granularity: 'group', groupChannels: 6 })).toEqual(['conv2', 'dense1', 'out']);
    expect(ids(DEPTHWISE, { granularity: 'group', groupChannels: 4 })).toEqual(['point2', 'out']);
  });
});

describe('channels that stand and fall together', () => {
  it('depthwise layers with the layer that feeds them', () => {
    expect(couplings(DEPTHWISE)).toEqual({ point: 'point', depth: 'point', point2: undefined });
  });

  it('the branches of an add, while the inside of a branch is free', () => {
    expect(couplings(RESIDUAL)).toEqual({ stem: 'stem', inner: undefined, outer: 'stem' });
  });

  it('a layer with a sparsity of its own leads the others, and 0 spares them all', () => {
    expect(couplings(RESIDUAL, { layers: { outer: 0.25 } })).toEqual({
      stem: 'outer',
      inner: undefined,
      outer: 'outer',
    });
    expect(couplings(RESIDUAL, { layers: { outer: 0 } })).toEqual({ inner: undefined });
  });
});

describe('impossible choices have one clear error', () => {
  it.each([
    [
      'a layer that does not exist',
      { layers: { conv9: 0.5 } },
      '"training.pruning.layers.conv9" is no layer with weights of this network; those are: conv1, conv2, dense1, out',
    ],
    [
      'a layer without weights',
      { layers: { norm1: 0.5 } },
      '"training.pruning.layers.norm1" is no layer with weights',
    ],
    [
      'channels of the output',
      { granularity: 'channel', layers: { out: 0.5 } },
      '"training.pruning.layers.out" cannot be pruned: its channels are the classes',
    ],
    [
      'groups in a layer with too few channels',
      { granularity: 'group', groupChannels: 4, layers: { conv1: 0.5 } },
      'cannot be pruned: its filters have one input channel, fewer than the 4 of a group',
    ],
    [
      'groups larger than every layer',
      { granularity: 'group', groupChannels: 500 },
      '"training.pruning" leaves no layer to prune',
    ],
    [
      'every layer left alone',
      { layers: { conv1: 0, conv2: 0, dense1: 0, out: 0 } },
      '"training.pruning" leaves no layer to prune',
    ],
  ])('%s', (_title, over, message) => {
    expect(() => ids(LENET, over)).toThrow(message);
  });

  it('unlike sparsities of coupled layers', () => {
    const layers = { stem: 0.5, outer: 0.25 };
    expect(() => couplings(RESIDUAL, { layers })).toThrow(
      '"training.pruning.layers.outer" differs from that of "stem", but both layers share their channels',
    );
  });
});

describe('the schema', () => {
  it.each([
    [{ sparsity: 1 }, 'sparsity'],
    [{ sparsity: 1.5 }, 'sparsity'],
    [{ rounds: {} }, '"sparsity" (a schedule) or "rounds"'],
    [{ sparsity: undefined }, '"sparsity" (a schedule) or "rounds"'],
    [{ sparsity: undefined, rounds: { levels: [0.5, 0.5] } }, 'must be above the one before it (0.5)'],
    [{ sparsity: undefined, rounds: { levels: [0.5, 1] } }, 'levels'],
    [{ sparsity: undefined, rounds: { tolerance: 1.5 } }, 'tolerance'],
    [{ penalty: {} }, 'acts on groups or channels'],
    [{ importance: 'quantized' }, 'ranks filters'],
    [{ layers: { conv1: 2 } }, 'conv1'],
  ])('refuses %j', (over, message) => {
    expect(() => pruning(over)).toThrow(message);
  });
});
