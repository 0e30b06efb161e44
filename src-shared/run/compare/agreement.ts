import type { DeployedWeights } from '../../quant/types.ts';

/** Weights of one layer as they are deployed. */
export interface LayerWeights {
  id: string;
  shape: readonly number[];
  weights: DeployedWeights;
}

/** Shares of a layer's weights; null where there is nothing to count. */
export interface Shares {
  /** Weights with equal codes, of all. */
  codes: number | null;
  /** Weights with equal signs, of those that are zero in neither. */
  signs: number | null;
  /** Weights that are zero in both, of those that are zero in either (Jaccard). */
  zeros: number | null;
}

export interface LayerAgreement extends Shares {
  layer: string;
  shape: readonly number[];
  /** Number of weights. */
  count: number;
  /** The same shares of weights that are drawn independently with each side's own frequencies. */
  chance: Shares;
  zeroA: number;
  zeroB: number;
  /** How far the distributions of the weights are apart: see `distributionDistance`. */
  distance: number;
}

export interface Agreement {
  layers: LayerAgreement[];
  /** Layers that cannot be held against each other, and why. */
  left: { layer: string; reason: string }[];
}

/**
 * Layer by layer, how far two networks have come to the same weights. With the codes a_i and b_i of layer l, n of them:
 *
 *   codes  = #{i : a_i = b_i} / n
 *   signs  = #{i : a_i · b_i > 0} / #{i : a_i · b_i ≠ 0}
 *   zeros  = #{i : a_i = 0 ∧ b_i = 0} / #{i : a_i = 0 ∨ b_i = 0}
 *
 * and by chance, with the frequencies p of side a and q of side b, z and y those of zero, p₊ p₋ q₊ q₋ those of the signs:
 *
 *   codes′ = Σ_c p(c) · q(c)
 *   signs′ = (p₊ q₊ + p₋ q₋) / ((1 − z)(1 − y))
 *   zeros′ = z · y / (z + y − z · y)
 *
 * Layers are matched by id, and compared where their shapes are equal. Codes are compared where they stand for the same
 * thing: binary and ternary ones, or codes of equally many bits; signs and zeros of any weights are.
 */
export function agreementOf(a: readonly LayerWeights[], b: readonly LayerWeights[]): Agreement {
  const layers: LayerAgreement[] = [];
  const left: Agreement['left'] = [];
  const others = new Map(b.map((layer) => [layer.id, layer]));
  for (const layer of a) {
    const other = others.get(layer.id);
    others.delete(layer.id);
    if (!other) left.push({ layer: layer.id, reason: 'only the first network has it' });
    else if (layer.shape.join() !== other.shape.join()) {
      const reason = `its weights have shape [${layer.shape.join(', ')}] in the first network and [${other.shape.join(', ')}] in the second`;
      left.push({ layer: layer.id, reason });
    } else layers.push(layerAgreement(layer, other));
  }
  for (const id of others.keys()) left.push({ layer: id, reason: 'only the second network has it' });
  return { layers, left };
}

function layerAgreement(a: LayerWeights, b: LayerWeights): LayerAgreement {
  const [x, y] = [valuesOf(a), valuesOf(b)];
  const count = x.length;
  const [p, q] = [signsOf(x), signsOf(y)];
  let [both, same, noZero, either] = [0, 0, 0, 0];
  for (let i = 0; i < count; i++) {
    const product = Math.sign(x[i] ?? 0) * Math.sign(y[i] ?? 0);
    if (product > 0) same++;
    if (product !== 0) noZero++;
    else {
      either++;
      if (x[i] === 0 && y[i] === 0) both++;
    }
  }
  const open = (1 - p.zero) * (1 - q.zero);
  const union = p.zero + q.zero - p.zero * q.zero;
  const codes = comparable(a.weights, b.weights) ? codeShares(a.weights, b.weights) : null;
  return {
    layer: a.id,
    shape: a.shape,
    count,
    codes: codes?.equal ?? null,
    signs: noZero === 0 ? null : same / noZero,
    zeros: either === 0 ? null : both / either,
    chance: {
      codes: codes?.chance ?? null,
      signs: open === 0 ? null : (p.plus * q.plus + p.minus * q.minus) / open,
      zeros: union === 0 ? null : (p.zero * q.zero) / union,
    },
    zeroA: p.zero,
    zeroB: q.zero,
    distance: distributionDistance(x, y),
  };
}

/** The weights as numbers: Σ over levels of scale · code. Scales of more than one entry are one for each filter. */
function valuesOf({ weights: { levels, float }, shape }: LayerWeights): Float64Array {
  if (float) return Float64Array.from(float);
  const filters = shape.at(-1) ?? 1;
  const out = new Float64Array(levels[0]?.codes.length ?? 0);
  for (const { codes, scale } of levels) {
    // Depthwise kernels have one for each channel, which is their last axis too.
    const one = scale.length === 1;
    for (let i = 0; i < out.length; i++)
      out[i] = (out[i] ?? 0) + (codes[i] ?? 0) * (scale[one ? 0 : i % filters] ?? 0);
  }
  return out;
}

/** Whether equal codes mean the same: equally many levels, and each pair of them binary or ternary or equally wide. */
function comparable(a: DeployedWeights, b: DeployedWeights): boolean {
  if (a.float || b.float || a.levels.length !== b.levels.length) return false;
  return a.levels.every(({ codes }, i) => widthOf(codes) === widthOf(b.levels[i]?.codes ?? new Int8Array()));
}

/** Binary digits that the largest magnitude takes: 1 for binary and ternary codes. */
function widthOf(codes: Int8Array): number {
  let most = 1;
  for (const code of codes) most = Math.max(most, Math.abs(code));
  return Math.floor(Math.log2(most)) + 1;
}

function codeShares(a: DeployedWeights, b: DeployedWeights): { equal: number; chance: number } {
  const count = a.levels[0]?.codes.length ?? 0;
  const key = ({ levels }: DeployedWeights, i: number) =>
    levels.reduce((all, { codes }) => all * 256 + (codes[i] ?? 0) + 128, 0);
  const [inA, inB] = [new Map<number, number>(), new Map<number, number>()];
  let equal = 0;
  for (let i = 0; i < count; i++) {
    const [one, other] = [key(a, i), key(b, i)];
    if (one === other) equal++;
    inA.set(one, (inA.get(one) ?? 0) + 1);
    inB.set(other, (inB.get(other) ?? 0) + 1);
  }
  let chance = 0;
  for (const [code, times] of inA) chance += (times / count) * ((inB.get(code) ?? 0) / count);
  return { equal: equal / count, chance };
}

function signsOf(values: Float64Array): { zero: number; plus: number; minus: number } {
  let [zero, plus] = [0, 0];
  for (const value of values) {
    if (value === 0) zero++;
    else if (value > 0) plus++;
  }
  const count = Math.max(values.length, 1);
  return { zero: zero / count, plus: plus / count, minus: (values.length - zero - plus) / count };
}

/**
 * How far weights must be moved, on average, to turn one distribution into the other (Wasserstein's distance of order 1)
 * after each side is divided by its root mean square: (1/n) Σ |x₍ᵢ₎ − y₍ᵢ₎| over both sides in order of size. 0 for
 * distributions of one form, however they are scaled.
 *
 * @param a, b equally many
 */
export function distributionDistance(a: ArrayLike<number>, b: ArrayLike<number>): number {
  const [x, y] = [normalised(a), normalised(b)];
  let sum = 0;
  for (let i = 0; i < x.length; i++) sum += Math.abs((x[i] ?? 0) - (y[i] ?? 0));
  return sum / Math.max(x.length, 1);
}

function normalised(values: ArrayLike<number>): Float64Array {
  let squares = 0;
  for (let i = 0; i < values.length; i++) squares += (values[i] ?? 0) ** 2;
  // A layer of zeros stays as it is.
  const size = Math.sqrt(squares / Math.max(values.length, 1)) || 1;
  return Float64Array.from(values, (value) => value / size).sort();
}
