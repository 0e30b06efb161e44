import { padChannels } from '../arithmetic/value.ts';
import { channelsOf, type IntegerNode, type Interval } from '../ir/graph.ts';
import type { TrainedShortcutA } from '../trained-graph.ts';
import { hull, type Pending, type Term } from './pending.ts';

/** Every stride-th pixel with channels of zeros beside the others: a 1×1 convolution whose filters copy one channel, or none. */
export function lowerShortcut(
  layer: TrainedShortcutA,
  input: Pending,
): { nodes: IntegerNode[]; value: Pending } {
  const { before, after, strides, shape } = layer;
  const taps = channelsOf(input.shape);
  const filters = before + taps + after;
  const codes = new Int8Array(filters * taps);
  for (let channel = 0; channel < taps; channel++) codes[(before + channel) * taps + channel] = 1;
  const nodes: IntegerNode[] = [];
  const padded = padChannels(input, before, after);
  const terms = padded.terms.map((term, index): Term => {
    const zeros = (count: number) => Array.from({ length: count }, (): Interval => ({ low: 0, high: 0 }));
    const ranges = [...zeros(before), ...term.ranges, ...zeros(after)];
    const id = padded.terms.length === 1 ? layer.id : `${layer.id}.term${index}`;
    nodes.push({
      kind: 'conv2d',
      id,
      inputs: [term.node],
      shape,
      type: 'i32',
      range: hull(ranges),
      kernel: [1, 1],
      strides,
      dilation: [1, 1],
      padding: { top: 0, left: 0, bottom: 0, right: 0 },
      weights: { filters, taps, codes },
    });
    return { ...term, node: id, type: 'i32', ranges };
  });
  const { offset, steps, codes: areCodes } = padded;
  return { nodes, value: { terms, ...(offset ? { offset } : {}), steps, codes: areCodes, shape } };
}
