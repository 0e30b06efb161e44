import type { TF, Tensor } from '../../base/tensorflow.ts';
import { tanhFromSigmoid } from './fast-elementwise.ts';
import { straightThrough } from './straight-through.ts';

/**
 * Piecewise activation functions with one breakpoint at 0: f(x) = left(x) for x < 0, right(x) for x ≥ 0, the two halves
 * drawn from ten families (TOT-Net, Nazari et al., DSD 2019). `identity` stands for no function on that side.
 */
export const ACTIVATION_FAMILIES = [
  'relu',
  'elu',
  'tanh',
  'sigmoid',
  'selu',
  'swish',
  'prelu',
  'leaky-relu',
  'elish',
  'hard-tanh',
] as const;
export type ActivationFamily = (typeof ACTIVATION_FAMILIES)[number];
export const BRANCHES = ['identity', ...ACTIVATION_FAMILIES] as const;
export type BranchName = (typeof BRANCHES)[number];

/** One half of a function. Tensor forms are asked for x ≤ 0 (left) or x ≥ 0 (right) only. */
interface Branch {
  value(x: number): number;
  slope(x: number): number;
  tensor(tf: TF, x: Tensor): Tensor;
  slopeTensor(tf: TF, x: Tensor): Tensor;
}

const SELU_SCALE = 1.0507;
const SELU_ALPHA = 1.67326;

const logistic = (x: number) => 1 / (1 + Math.exp(-x));

function linear(slope: number): Branch {
  return {
    value: (x) => slope * x,
    slope: () => slope,
    tensor: (tf, x) => tf.mul(x, slope),
    slopeTensor: (tf, x) => tf.fill(x.shape, slope),
  };
}

function exponential(scale: number): Branch {
  return {
    value: (x) => scale * Math.expm1(x),
    slope: (x) => scale * Math.exp(x),
    tensor: (tf, x) => tf.mul(tf.sub(tf.exp(x), 1), scale),
    slopeTensor: (tf, x) => tf.mul(tf.exp(x), scale),
  };
}

const tanh: Branch = {
  value: Math.tanh,
  slope: (x) => 1 - Math.tanh(x) ** 2,
  tensor: tanhFromSigmoid,
  slopeTensor: (tf, x) => tf.sub(1, tf.square(tanhFromSigmoid(tf, x))),
};

const sigmoid: Branch = {
  value: logistic,
  slope: (x) => logistic(x) * (1 - logistic(x)),
  tensor: (tf, x) => tf.sigmoid(x),
  slopeTensor: (tf, x) => {
    const s = tf.sigmoid(x);
    return tf.mul(s, tf.sub(1, s));
  },
};

const swish: Branch = {
  value: (x) => x * logistic(x),
  slope: (x) => logistic(x) * (1 + x * (1 - logistic(x))),
  tensor: (tf, x) => tf.mul(x, tf.sigmoid(x)),
  slopeTensor: (tf, x) => {
    const s = tf.sigmoid(x);
    return tf.mul(s, tf.add(1, tf.mul(x, tf.sub(1, s))));
  },
};

const elishLeft: Branch = {
  value: (x) => Math.expm1(x) * logistic(x),
  slope: (x) => logistic(x) * (Math.exp(x) + Math.expm1(x) * (1 - logistic(x))),
  tensor: (tf, x) => tf.mul(tf.sub(tf.exp(x), 1), tf.sigmoid(x)),
  slopeTensor: (tf, x) => {
    const e = tf.exp(x);
    const s = tf.sigmoid(x);
    return tf.mul(s, tf.add(e, tf.mul(tf.sub(e, 1), tf.sub(1, s))));
  },
};

const hardTanh: Branch = {
  value: (x) => Math.min(1, Math.max(-1, x)),
  slope: (x) => (Math.abs(x) < 1 ? 1 : 0),
  tensor: (tf, x) => tf.clipByValue(x, -1, 1),
  slopeTensor: (tf, x) => tf.step(tf.sub(1, tf.abs(x))),
};

const BY_NAME: Record<BranchName, { left: Branch; right: Branch }> = {
  identity: { left: linear(1), right: linear(1) },
  relu: { left: linear(0), right: linear(1) },
  elu: { left: exponential(1), right: linear(1) },
  tanh: { left: tanh, right: tanh },
  sigmoid: { left: sigmoid, right: sigmoid },
  selu: { left: exponential(SELU_SCALE * SELU_ALPHA), right: linear(SELU_SCALE) },
  swish: { left: swish, right: swish },
  prelu: { left: linear(0.25), right: linear(1) },
  'leaky-relu': { left: linear(0.2), right: linear(1) },
  elish: { left: elishLeft, right: swish },
  'hard-tanh': { left: hardTanh, right: hardTanh },
};

/** The genes of a function: its left and its right half. */
export interface Genes {
  left: BranchName;
  right: BranchName;
}

function branchAt(x: number, { left, right }: Genes): Branch {
  return x < 0 ? BY_NAME[left].left : BY_NAME[right].right;
}

export function piecewiseValue(x: number, genes: Genes): number {
  return branchAt(x, genes).value(x);
}

/** Derivative; at 0 that of the right half. */
export function piecewiseSlope(x: number, genes: Genes): number {
  return branchAt(x, genes).slope(x);
}

/** f(x) with its derivative, elementwise. */
export function piecewiseTensor(tf: TF, x: Tensor, genes: Genes): Tensor {
  if (genes.left === 'identity' && genes.right === 'identity') return tf.clone(x);
  const left = BY_NAME[genes.left].left;
  const right = BY_NAME[genes.right].right;
  // Each half sees its own side only, so that no exponential overflows on the other.
  const joined = (v: Tensor, onLeft: (v: Tensor) => Tensor, onRight: (v: Tensor) => Tensor) => {
    const negative = tf.step(tf.neg(v));
    return tf.add(
      tf.mul(negative, onLeft(tf.neg(tf.relu(tf.neg(v))))),
      tf.mul(tf.sub(1, negative), onRight(tf.relu(v))),
    );
  };
  return straightThrough(
    tf,
    x,
    (v) =>
      joined(
        v,
        (u) => left.tensor(tf, u),
        (u) => right.tensor(tf, u),
      ),
    (v) =>
      joined(
        v,
        (u) => left.slopeTensor(tf, u),
        (u) => right.slopeTensor(tf, u),
      ),
  );
}

/** Where a half turns around: between these points (and 0) every function is monotone. */
const TURNS: Partial<Record<BranchName, number>> = { swish: -1.278464542761074, elish: -0.8813735870195432 };

/** Every x at which f(x) = level, and the breakpoint 0, in order. Roots beyond ±`reach` are not looked for. */
export function piecewiseCrossings(level: number, genes: Genes, reach = 200): number[] {
  const turn = TURNS[genes.left];
  const edges = [-reach, ...(turn === undefined ? [] : [turn]), 0, reach];
  const roots = edges.slice(1).flatMap((high, i) => {
    const low = edges[i] ?? 0;
    const branch = high > 0 ? BY_NAME[genes.right].right : BY_NAME[genes.left].left;
    return root((x) => branch.value(x) - level, low, high);
  });
  return [...new Set([...roots, 0])].sort((a, b) => a - b);
}

/** The root of a monotone function between two points, by bisection; none where the sign does not change. */
function root(f: (x: number) => number, low: number, high: number): number[] {
  const [below, above] = [f(low), f(high)];
  if (!(below * above < 0)) return [];
  let [a, b] = [low, high];
  for (;;) {
    const middle = (a + b) / 2;
    if (middle === a || middle === b) return [middle];
    if (Math.sign(f(middle)) === Math.sign(below)) a = middle;
    else b = middle;
  }
}
