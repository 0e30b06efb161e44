import type { ConvNode, IntegerGraph, IntegerNode, Interval, ThresholdNode } from '../ir/graph.ts';
import { passedBy } from '../passes/channel-ranges.ts';
import { firstPassing } from '../passes/find-thresholds.ts';
import { hull } from '../passes/pending.ts';
import {
  isJoin,
  joinContext,
  joined,
  multiplierOf,
  SMALL_CODES,
  type JoinContext,
  type JoinNode,
} from './join-context.ts';

export { joinTable, type JoinTable } from './join-table.ts';

/**
 * A threshold behind the sum of a convolution's sums S and a skip value x of codes in {−1, 0, 1}, as thresholds on S
 * alone, one set for each value of x. Where both are integers times a multiplier (`combine`),
 *
 *   m1 · S + m2 · x + bias ≥ t   ⇔   S ≥ ⌈(t − bias − m2 · x) / m1⌉      (m1 > 0)
 *
 * and where the code falls as S grows, the filter is negated. m1 = 0: the code is a constant for each x.
 */
export interface SkipVariants {
  /** The convolution, with those filters negated whose code falls as the sum grows. Nothing else reads its sums. */
  conv: ConvNode;
  /** Id of the value x. Its proven range lies within −1 … 1; it may be an i32 value (a shortcut's copies). */
  skip: string;
  /** The nodes strictly between convolution and threshold, in order; none has another reader. */
  between: readonly IntegerNode[];
  /**
   * By x (always all of −1, 0, 1): ascending thresholds on the sums of `conv`, [channels, steps], for the codes of the
   * threshold node. One that nothing passes lies one above the filter's proven range, one that everything passes at its
   * low end: so they are as narrow as the sums.
   */
  variants: ReadonlyMap<number, Int32Array>;
}

/**
 * The skip form of a threshold node whose codes never fall, or undefined where it has none: it needs a `combine` or `add`
 * of two values in front of it, one of them the sums of a convolution (or codes that a threshold node makes of them, each
 * read by the next alone), the other of codes in {−1, 0, 1}. Where both could be the sums, it is the later one.
 */
export function skipVariants(threshold: IntegerNode, graph: IntegerGraph): SkipVariants | undefined {
  if (threshold.kind !== 'threshold' || trendOf(threshold.codes) !== 1) return undefined;
  const context = joinContext(graph);
  const join = context.producer(threshold.inputs[0], threshold.id);
  if (!join || !isJoin(join)) return undefined;
  const order = [0, 1].sort((a, b) => context.position(join.inputs[b]) - context.position(join.inputs[a]));
  for (const own of order) {
    const found = variantsFor(threshold, join, own, context);
    if (found) return found;
  }
  return undefined;
}

function variantsFor(
  threshold: ThresholdNode,
  join: JoinNode,
  own: number,
  context: JoinContext,
): SkipVariants | undefined {
  const skip = join.inputs[1 - own] ?? '';
  const first = context.producer(join.inputs[own], join.id);
  const inner = first?.kind === 'threshold' ? first : undefined;
  const conv = inner ? context.producer(inner.inputs[0], inner.id) : first;
  if (!context.smallCodes(skip) || (conv?.kind !== 'conv2d' && conv?.kind !== 'depthwise-conv2d'))
    return undefined;
  const trend = inner ? trendOf(inner.codes) : 1;
  if (trend === undefined) return undefined;
  const { steps, direction } = threshold;
  const signs = Array.from(direction, (sign, channel) => {
    const slope = multiplierOf(join, own, channel) * sign * (inner?.direction[channel] ?? 1) * trend;
    return slope < 0 ? -1 : 1;
  });
  const ranges = context.ranges(conv.id).map((range, channel) => directed(range, signs[channel] ?? 1));
  const variants = new Map(SMALL_CODES.map((x) => [x, new Int32Array(signs.length * steps)]));
  for (const [x, values] of variants) {
    signs.forEach((sign, channel) => {
      const passed = (v: number) => {
        const y = inner ? (inner.codes[passedBy(inner, channel, sign * v)] ?? 0) : sign * v;
        return passedBy(threshold, channel, joined(join, channel, own, y, x));
      };
      const { low, high } = ranges[channel] ?? { low: 0, high: 0 };
      for (let step = 0; step < steps; step++) {
        values[channel * steps + step] = firstPassing(low, high, (v) => passed(v) > step);
      }
    });
  }
  const between = inner ? [inner, join] : [join];
  return { conv: negated(conv, signs, hull(ranges)), skip, between, variants };
}

function negated(conv: ConvNode, signs: readonly number[], range: Interval): ConvNode {
  if (signs.every((sign) => sign > 0)) return conv;
  const { taps } = conv.weights;
  // 0 − x: the negative of 0 is no −0.
  const codes = conv.weights.codes.map((code, i) =>
    (signs[Math.floor(i / taps)] ?? 1) < 0 ? 0 - code : code,
  );
  return { ...conv, range, weights: { ...conv.weights, codes } };
}

/** 1 for codes that never fall, −1 for such that never rise, undefined for others. */
function trendOf(codes: readonly number[]): 1 | -1 | undefined {
  const steps = codes.slice(1).map((code, index) => Math.sign(code - (codes[index] ?? code)));
  if (steps.every((step) => step >= 0)) return 1;
  return steps.every((step) => step <= 0) ? -1 : undefined;
}

function directed({ low, high }: Interval, sign: number): Interval {
  return sign < 0 ? { low: 0 - high, high: 0 - low } : { low, high };
}
