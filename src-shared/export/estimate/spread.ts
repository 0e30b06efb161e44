import { deployedValue, staircaseValue } from '../../prune/deployed-values.ts';
import type { DeployedWeights } from '../../quant/types.ts';
import type { TrainedNode } from '../trained-graph.ts';

/** Weights that are looked at for the size of a layer's sums. */
const LOOKED_AT = 4096;
/** Quantiles of the standard normal distribution, of equal probability. */
const NORMAL = [-1.73, -1.15, -0.81, -0.55, -0.32, -0.1, 0.1, 0.32, 0.55, 0.81, 1.15, 1.73];

/** Root mean square of what a layer gives, estimated from that of its inputs. */
export function spreadOf(node: TrainedNode, inputs: readonly number[]): number {
  const [input = 1] = inputs;
  switch (node.kind) {
    case 'conv2d':
    case 'depthwise-conv2d':
    case 'dense': {
      const filters = node.shape.at(-1) ?? 1;
      return input * Math.sqrt(squaresPerFilter(node.weights, filters));
    }
    case 'batch-norm':
      return 1.05;
    case 'add':
      return Math.hypot(...inputs);
    case 'activation': {
      const { staircase } = node;
      if (!staircase) return input;
      const squares = NORMAL.map((x) => staircaseValue(staircase, x * input) ** 2);
      return Math.sqrt(squares.reduce((sum, square) => sum + square, 0) / NORMAL.length);
    }
    default:
      return input;
  }
}

/** Sum of the squares of one filter's weights, on average. */
function squaresPerFilter(weights: DeployedWeights, filters: number): number {
  const count = weights.float?.length ?? weights.levels[0]?.codes.length ?? 0;
  const stride = Math.max(1, Math.floor(count / LOOKED_AT));
  let squares = 0;
  let seen = 0;
  for (let i = 0; i < count; i += stride) {
    squares += deployedValue(weights, i, i % filters) ** 2;
    seen++;
  }
  return ((squares / Math.max(1, seen)) * count) / filters;
}
