import { elementsOf, type IntegerGraph } from '../export/ir/graph.ts';
import { programOf } from './program.ts';

/** Every value of one inference, in row-major order, channels fastest. */
export interface Interpretation {
  logits: Int32Array;
  /** By node id: the value of every node of the graph. */
  values: Map<string, Int32Array>;
}

/**
 * Runs the integer graph on one sample. This is the definition of what the firmware computes:
 *
 * - An element i of a u8 value stands for x = p − zero[i mod channels]; of any other value, for itself.
 * - `conv2d`, `depthwise-conv2d`, `dense`: Σ w · x over the taps that lie inside the input; a tap in the padding
 *   contributes nothing, or w · `outside` where the node has that. `max-pool`, `sum-pool`: largest, or sum, over the elements inside the input.
 * - `add`: a + b. `threshold`: codes[number of i with direction · x ≥ values[i]]. `flatten`: the same elements.
 * - `combine`: bias + Σ multiplier · x, both of the element's channel. `lookup`: codes[x − low]. `affine`: bias +
 *   Σ multiplier · x.
 *
 * All of it is exact in 32 bits, as lowering has proven; there is no rounding and no saturation anywhere.
 *
 * @param sample bytes of the input, row-major, channels fastest
 * @returns one int32 logit per class; the predicted class is the first largest (`argMax`)
 */
export function interpret(graph: IntegerGraph, sample: Uint8Array): Int32Array {
  return programOf(graph).run(checked(graph, sample)).slice();
}

/** The same, with the value of every node. */
export function interpretAll(graph: IntegerGraph, sample: Uint8Array): Interpretation {
  const program = programOf(graph);
  const logits = program.run(checked(graph, sample)).slice();
  const values = new Map<string, Int32Array>();
  for (const [id, value] of program.values) values.set(id, value.slice());
  return { logits, values };
}

function checked(graph: IntegerGraph, sample: Uint8Array): Uint8Array {
  const expected = elementsOf(graph.input.shape);
  if (sample.length !== expected)
    throw new RangeError(`a sample has ${expected} bytes, not ${sample.length}`);
  return sample;
}

/** Index of the first largest logit. */
export function argMax(logits: ArrayLike<number>): number {
  let best = 0;
  for (let i = 1; i < logits.length; i++) if ((logits[i] ?? 0) > (logits[best] ?? 0)) best = i;
  return best;
}
