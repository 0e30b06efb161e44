import { valueOf, type IntegerGraph } from '../ir/graph.ts';
import type { Obstacle } from './absorb-offsets.ts';
import type { ChannelClasses } from './channel-classes.ts';
import { channelRanges } from './channel-ranges.ts';
import { readsOf, type Needless } from './dead-reads.ts';

/** What is known about a class of channels. */
export interface Verdict {
  /** The raw input, the logits, or a weight needs it. */
  needed: boolean;
  needless: Needless;
  /** Constants that it adds to the sums of layers that read it. */
  offsets: { reader: string; offsets: Float64Array }[];
  /** Constants that have nowhere to go. */
  obstacles: { value: string; because: Obstacle }[];
}

const STRENGTH: readonly Needless[] = ['unread', 'zero', 'constant'];

/** By class number: whether the layers that read its channels could do without them. */
export function judgeChannels(graph: IntegerGraph, classes: ChannelClasses): Verdict[] {
  const ranges = channelRanges(graph);
  const verdicts = classes.members.map((_, number): Verdict => {
    return { needed: classes.pinned.has(number), needless: 'unread', offsets: [], obstacles: [] };
  });
  for (const node of graph.nodes) {
    if (node.kind !== 'conv2d' && node.kind !== 'dense') continue;
    const [value = ''] = node.inputs;
    const { shape } = valueOf(graph, value);
    const readOf = readsOf(graph, node, shape, ranges.get(value) ?? []);
    for (let channel = 0; channel < (shape.at(-1) ?? 0); channel++) {
      const verdict = verdicts[classes.of(value, channel)];
      if (!verdict || verdict.needed) continue;
      const read = readOf(channel);
      if (!read) verdict.needed = true;
      else if ('obstacle' in read) verdict.obstacles.push({ value, because: read.obstacle });
      else {
        if (STRENGTH.indexOf(read.needless) > STRENGTH.indexOf(verdict.needless))
          verdict.needless = read.needless;
        if (read.offsets) verdict.offsets.push({ reader: node.id, offsets: read.offsets });
      }
    }
  }
  return verdicts;
}
