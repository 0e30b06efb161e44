import type { WeightShape } from '../quant/types.ts';
import type { Pruning } from './config.ts';
import { chooseKept } from './rank.ts';
import { structuredUnits, unitOf, unitSums } from './units.ts';

/** A layer at the moment at which its mask is chosen anew. */
export interface PrunableLayer {
  id: string;
  /** Latent weights, row-major of `shape.shape`; masked ones have values too. */
  kernel: Float32Array;
  shape: WeightShape;
  /** The mask so far, 1 or 0 for each weight. */
  mask: Float32Array;
  /** Share of masked units that is wanted now, 0 … below 1. */
  sparsity: number;
  /** Whether that is the layer's own target, which keeps it out of the global ranking. */
  ownSparsity: boolean;
  /** Layers with the same word share their channel mask, since their outputs are added or depend on each other. */
  coupling?: string;
  /**
   * Importance of each filter where `pruning.importance` is `quantized` (`quantizedImportance`); absent: the filter's
   * Euclidean norm.
   */
  importance?: Float32Array;
}

/**
 * Chooses masks by magnitude (Zhu, Gupta, arXiv 1710.01878; Han et al., arXiv 1506.02626): of N units, the
 * k = max(round(N · (1 − sparsity)), 1) most important stay, with
 *   weight   importance |w|
 *   group    root mean square of the group's weights
 *   channel  Euclidean norm of the filter, of coupled layers together; or what `importance` says
 * Globally, N counts weights over all layers without a target of their own. Every layer keeps its most important unit.
 * Pure and deterministic: of equal ones, the index decides.
 *
 * @returns a mask of the kernel's shape, 1 or 0, for each layer by its id
 */
export function computeMasks(layers: readonly PrunableLayer[], pruning: Pruning): Map<string, Float32Array> {
  const pools = coupledPools(layers, pruning);
  const own = pools.filter(({ ownSparsity }) => ownSparsity || pruning.scope === 'layer');
  const common = pools.filter((pool) => !own.includes(pool));
  const kept = new Map<Pool, Uint8Array>();
  for (const pool of own) {
    const [flags] = chooseKept([{ ...pool, measure: null }], pool.sparsity);
    if (flags) kept.set(pool, flags);
  }
  if (common.length > 0) {
    const flags = chooseKept(
      common.map((pool) => ({ ...pool, measure: pool.sizes })),
      common[0]?.sparsity ?? 0,
    );
    common.forEach((pool, i) => kept.set(pool, flags[i] ?? new Uint8Array(pool.importance.length)));
  }
  return new Map(
    pools.flatMap((pool) => {
      const flags = kept.get(pool);
      return flags ? pool.members.map((layer) => [layer.id, expand(layer, flags, pruning)] as const) : [];
    }),
  );
}

/** Units that are ranked together: those of one layer, or the channels of coupled layers. */
interface Pool {
  members: PrunableLayer[];
  sparsity: number;
  ownSparsity: boolean;
  importance: Float64Array;
  /** Weights of each unit; null: one. */
  sizes: Float64Array | null;
  /** Units that must stay masked. */
  frozen: Uint8Array | null;
}

function coupledPools(layers: readonly PrunableLayer[], pruning: Pruning): Pool[] {
  const groups = new Map<string, PrunableLayer[]>();
  for (const layer of layers) {
    const coupled = pruning.granularity === 'channel' && layer.coupling !== undefined;
    const key = coupled ? `coupled:${layer.coupling}` : `layer:${layer.id}`;
    groups.set(key, [...(groups.get(key) ?? []), layer]);
  }
  return [...groups.values()].map((members) => poolOf(members, pruning));
}

function poolOf(members: PrunableLayer[], pruning: Pruning): Pool {
  const leader = members.find(({ ownSparsity }) => ownSparsity) ?? members[0];
  if (!leader) throw new RangeError('a pool of no layers');
  const { sparsity, ownSparsity } = leader;
  const freeze = pruning.masks === 'frozen';
  if (pruning.granularity === 'weight') {
    const { kernel, mask } = leader;
    return {
      members,
      sparsity,
      ownSparsity,
      importance: new Float64Array(kernel).map(Math.abs),
      sizes: null,
      frozen: freeze ? new Uint8Array(mask).map((open) => (open === 0 ? 1 : 0)) : null,
    };
  }
  const { count } = structuredUnits(leader.shape, pruning);
  const pool = {
    members,
    sparsity,
    ownSparsity,
    importance: new Float64Array(count),
    sizes: new Float64Array(count),
    frozen: freeze ? new Uint8Array(count).fill(1) : null,
  };
  for (const layer of members) addUnits(pool, layer, pruning);
  pool.importance = pool.importance.map((square, unit) =>
    Math.sqrt(pruning.granularity === 'group' ? square / (pool.sizes[unit] ?? 1) : square),
  );
  return pool;
}

/** Adds a layer's squares and sizes; a unit with one open weight is not frozen. */
function addUnits(
  pool: { importance: Float64Array; sizes: Float64Array; frozen: Uint8Array | null },
  layer: PrunableLayer,
  pruning: Pruning,
): void {
  const units = structuredUnits(layer.shape, pruning);
  const { sizes, squares } = unitSums(layer.kernel, units);
  for (let unit = 0; unit < units.count; unit++) {
    const given = pruning.granularity === 'channel' ? layer.importance?.[unit] : undefined;
    const square = given === undefined ? (squares[unit] ?? 0) : given * given;
    pool.importance[unit] = (pool.importance[unit] ?? 0) + square;
    pool.sizes[unit] = (pool.sizes[unit] ?? 0) + (sizes[unit] ?? 0);
  }
  const { frozen } = pool;
  if (frozen) layer.mask.forEach((open, i) => open !== 0 && (frozen[unitOf(units, i)] = 0));
}

/** A layer's mask from the flags of its units. */
function expand({ kernel, shape }: PrunableLayer, flags: Uint8Array, pruning: Pruning): Float32Array {
  if (pruning.granularity === 'weight') return new Float32Array(flags);
  const units = structuredUnits(shape, pruning);
  return kernel.map((_, i) => flags[unitOf(units, i)] ?? 0);
}

/** Share of masked weights over all masks together; 0 where there is none. */
export function maskedShare(masks: Iterable<Float32Array>): number {
  let masked = 0;
  let count = 0;
  for (const mask of masks) {
    count += mask.length;
    for (const open of mask) if (open === 0) masked++;
  }
  return masked / Math.max(count, 1);
}
