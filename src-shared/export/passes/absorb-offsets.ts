import { ACCUMULATOR_LIMIT } from '../arithmetic/fixed-point.ts';
import { channelsOf, type IntegerGraph, type IntegerNode, type Interval } from '../ir/graph.ts';
import { channelRanges, isPadded } from './channel-ranges.ts';

/** Reason why a constant cannot leave the sums of a node; a clause that goes on after "… because". */
export type Obstacle = string;

/** Why the readers of a node's sums cannot take a constant over, one for each channel; undefined if they can. */
export function obstacleBehind(graph: IntegerGraph, sums: string): Obstacle | undefined {
  for (const reader of graph.nodes.filter(({ inputs }) => inputs.includes(sums))) {
    const obstacle = obstacleAt(graph, reader);
    if (obstacle !== undefined) return obstacle;
  }
  return undefined;
}

function obstacleAt(graph: IntegerGraph, reader: IntegerNode): Obstacle | undefined {
  switch (reader.kind) {
    case 'threshold':
    case 'combine':
    case 'affine':
      return undefined;
    case 'max-pool':
    case 'flatten':
      return obstacleBehind(graph, reader.id);
    case 'sum-pool':
      return isPadded(reader.padding)
        ? `windows of ${reader.id} reach over the border`
        : obstacleBehind(graph, reader.id);
    default:
      return `${reader.id} reads the sums and has no constant to take it`;
  }
}

/**
 * Takes constants away from the sums of linear nodes and gives them to what reads the sums: thresholds fall, biases
 * grow. With S = S′ + o: d · S ≥ t is d · S′ ≥ t − d · o, and m · S + b is m · S′ + (b + m · o).
 *
 * @param offsets o of each channel, by linear node whose readers can take it (`obstacleBehind`)
 * @returns the graph whose sums are S′ as soon as the linear nodes compute them
 */
export function absorbOffsets(
  graph: IntegerGraph,
  offsets: ReadonlyMap<string, ArrayLike<number>>,
): IntegerGraph {
  const known = new Map(offsets);
  const offsetOf = (value: string, channel: number) => {
    const own = known.get(value);
    return own?.[channel % own.length] ?? 0;
  };
  const nodes = graph.nodes.map((node): IntegerNode => {
    const moved = node.inputs.filter((name) => known.has(name));
    const [first] = moved;
    if (first === undefined) return node;
    switch (node.kind) {
      case 'threshold': {
        const values = Float64Array.from(node.values, (value, i) => {
          const channel = Math.floor(i / node.steps);
          return value - (node.direction[channel] ?? 1) * offsetOf(first, channel);
        });
        return { ...node, values: Int32Array.from(values, within32Bits) };
      }
      case 'combine':
      case 'affine': {
        const bias = Float64Array.from(node.bias, (value, channel) =>
          node.inputs.reduce(
            (sum, name, input) => sum + (node.multipliers[input]?.[channel] ?? 0) * offsetOf(name, channel),
            value,
          ),
        );
        return { ...node, bias: Int32Array.from(bias, within32Bits) };
      }
      case 'sum-pool': {
        const count = node.kernel[0] * node.kernel[1];
        const length = channelsOf(node.shape);
        known.set(
          node.id,
          Array.from({ length }, (_, channel) => count * offsetOf(first, channel)),
        );
        return node;
      }
      case 'max-pool':
      case 'flatten': {
        const length = channelsOf(node.shape);
        known.set(
          node.id,
          Array.from({ length }, (_, channel) => offsetOf(first, channel)),
        );
        return node;
      }
      default:
        throw new Error(`${node.id} takes no constant over`);
    }
  });
  return { ...graph, nodes };
}

/** No sum reaches 2^31 − 1 or lies below −2^31: such a threshold stays one that nothing, or everything, passes. */
function within32Bits(value: number): number {
  return Math.min(2 ** 31 - 1, Math.max(-(2 ** 31), value));
}

/**
 * Of the linear nodes that gave constants away, those that a combining or affine node takes a constant of, whose sums
 * could now leave 32 bits in some order of their terms.
 *
 * @param graph after `absorbOffsets`
 */
export function overcharging(graph: IntegerGraph, givers: readonly string[]): string[] {
  const ranges = channelRanges(graph);
  const full = new Set(graph.nodes.filter((node) => overflows(node, ranges)).map(({ id }) => id));
  const charges = (value: string): boolean =>
    graph.nodes.some(({ id, kind, inputs }) => {
      if (!inputs.includes(value)) return false;
      return (
        full.has(id) || ((kind === 'max-pool' || kind === 'sum-pool' || kind === 'flatten') && charges(id))
      );
    });
  return givers.filter(charges);
}

function overflows(node: IntegerNode, ranges: ReadonlyMap<string, readonly Interval[]>): boolean {
  if (node.kind !== 'combine' && node.kind !== 'affine') return false;
  return node.bias.some((bias, channel) => {
    const largest = node.inputs.reduce((sum, name, input) => {
      const { low, high } = ranges.get(name)?.[channel] ?? { low: 0, high: 0 };
      return sum + Math.abs(node.multipliers[input]?.[channel] ?? 0) * Math.max(-low, high);
    }, Math.abs(bias));
    return largest > ACCUMULATOR_LIMIT;
  });
}
