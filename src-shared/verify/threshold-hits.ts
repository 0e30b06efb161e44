import { channelsOf, type IntegerGraph, type ThresholdNode } from '../export/ir/graph.ts';

/** The sum equals the threshold; the sum is one below it. */
const EXACT = 1;
const ONE_BELOW = 2;

/**
 * Which thresholds have been hit: by a sum that equals one, and by one that is one below it. An error by one in a
 * threshold, or a ≥ that should be a >, shows nowhere else.
 */
export class ThresholdHits {
  readonly #nodes: readonly ThresholdNode[];
  readonly #seen: ReadonlyMap<string, Uint8Array>;

  constructor(graph: IntegerGraph) {
    // Raw bytes are no sums: any sample hits the thresholds of an input.
    const sums = new Set(graph.nodes.filter(({ type }) => type !== 'u8').map(({ id }) => id));
    this.#nodes = graph.nodes
      .filter((node) => node.kind === 'threshold')
      .filter((node) => sums.has(node.inputs[0] ?? ''));
    this.#seen = new Map(this.#nodes.map((node) => [node.id, new Uint8Array(node.values.length)]));
  }

  /** Thresholds of all channels. */
  get all(): number {
    return this.#nodes.reduce((sum, { values }) => sum + values.length, 0);
  }

  /** Thresholds that were hit from either side. */
  get hit(): number {
    return [...this.#seen.values()].reduce(
      (sum, marks) => sum + marks.filter((mark) => mark !== 0).length,
      0,
    );
  }

  /** How many sides of thresholds the values of one inference hit that none before did. */
  count(values: ReadonlyMap<string, Int32Array>): number {
    return this.#visit(values, false);
  }

  /** The same, and remembers them. */
  add(values: ReadonlyMap<string, Int32Array>): number {
    return this.#visit(values, true);
  }

  #visit(values: ReadonlyMap<string, Int32Array>, remember: boolean): number {
    let found = 0;
    for (const node of this.#nodes) {
      const sums = values.get(node.inputs[0] ?? '');
      const seen = this.#seen.get(node.id);
      if (!sums || !seen) continue;
      const marks = remember ? seen : seen.slice();
      found += markHits(node, sums, marks);
    }
    return found;
  }
}

/** Marks the sides of thresholds that sums hit; answers how many were not marked before. */
function markHits(
  { steps, values, direction, shape }: ThresholdNode,
  sums: Int32Array,
  marks: Uint8Array,
): number {
  const channels = channelsOf(shape);
  let found = 0;
  for (let i = 0, channel = 0; i < sums.length; i++, channel = channel + 1 === channels ? 0 : channel + 1) {
    const directed = sums[i]! * direction[channel]!;
    const first = channel * steps;
    for (let at = first; at < first + steps; at++) {
      const distance = values[at]! - directed;
      if (distance > 1) break;
      if (distance < 0) continue;
      const side = distance === 0 ? EXACT : ONE_BELOW;
      if ((marks[at]! & side) !== 0) continue;
      marks[at] = marks[at]! | side;
      found++;
    }
  }
  return found;
}
