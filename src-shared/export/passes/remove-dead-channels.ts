import { channelsOf, type IntegerGraph, type IntegerNode } from '../ir/graph.ts';
import { absorbOffsets, overcharging, type Obstacle } from './absorb-offsets.ts';
import { channelClasses, type Channel, type ChannelClasses } from './channel-classes.ts';
import type { Needless } from './dead-reads.ts';
import { dropUnused } from './drop-unused.ts';
import { foldConstantTerms } from './fold-constant-terms.ts';
import { judgeChannels, type Verdict } from './judge-channels.ts';
import { keepChannels, type ChannelMask } from './keep-channels.ts';
import { tightenRanges } from './tighten-ranges.ts';

/** What a node lost. */
export interface RemovedChannels {
  node: string;
  kind: IntegerNode['kind'];
  before: number;
  /** The channels that stay, by their numbers before. */
  kept: readonly number[];
  /** How many went for which reason. */
  because: Readonly<Record<Needless, number>>;
}

/** Channels that are one number for every sample and are computed all the same. */
export interface KeptConstants {
  node: string;
  channels: number;
  because: Obstacle;
}

export interface DeadChannels {
  /** Of the nodes that are still there. */
  removed: readonly RemovedChannels[];
  kept: readonly KeptConstants[];
  /** Nodes that are gone as a whole: all that a sum took of them was one number for every sample. */
  dropped: readonly string[];
}

/**
 * Removes channels that no sample needs: those that all weights behind them ignore, and those that are proven to be one
 * number for every sample (filters of zeros, thresholds outside the proven range, batch-norm factors of 0). A constant 0
 * just goes; any other constant is added to what lies behind the sums that it enters (`absorbOffsets`), where it enters
 * them at every pixel alike. Channels that can only exist together (`channelClasses`) go together or not at all. A value
 * keeps one channel at least; the raw input and the logits keep all. A value of which sums take nothing but constants
 * goes as a whole (`foldConstantTerms`). Repeated until nothing is left to remove.
 *
 * Exact: the logits, and the codes of all channels that stay, are the same for every sample; sums that a constant left
 * are smaller by it.
 */
export function removeDeadChannels(graph: IntegerGraph): DeadChannels & { graph: IntegerGraph } {
  const ledger = new Ledger(graph);
  for (let current = withoutConstantTerms(graph); ;) {
    const { next, gone, kept } = removeOnce(current);
    if (gone.length === 0) {
      const left = new Set(current.nodes.map(({ id }) => id));
      const removed = ledger.removed().filter(({ node }) => left.has(node));
      const dropped = graph.nodes.filter(({ id }) => !left.has(id)).map(({ id }) => id);
      return { graph: current === graph ? graph : tightenRanges(current), removed, kept, dropped };
    }
    ledger.note(gone);
    current = withoutConstantTerms(next);
  }
}

function withoutConstantTerms(graph: IntegerGraph): IntegerGraph {
  const folded = foldConstantTerms(graph);
  return folded === graph ? graph : dropUnused<IntegerNode, IntegerGraph>(folded);
}

interface Gone extends Channel {
  needless: Needless;
}

/** Everything that the ranges and weights of this graph show to be needless. */
function removeOnce(graph: IntegerGraph): { next: IntegerGraph; gone: Gone[]; kept: KeptConstants[] } {
  const classes = channelClasses(graph);
  const verdicts = judgeChannels(graph, classes);
  for (;;) {
    const chosen = choose(graph, classes, verdicts);
    const gone = chosen.flatMap((number) => {
      const { needless = 'unread' } = verdicts[number] ?? {};
      return (classes.members[number] ?? []).map((member): Gone => ({ ...member, needless }));
    });
    if (gone.length === 0) return { next: graph, gone, kept: keptConstants(verdicts) };
    const offsets = totalOffsets(chosen.flatMap((number) => verdicts[number]?.offsets ?? []));
    const next = keepChannels(absorbOffsets(graph, offsets), masksOf(graph, gone));
    const full = overcharging(next, [...offsets.keys()]);
    if (full.length === 0) return { next, gone, kept: keptConstants(verdicts) };
    for (const verdict of verdicts) {
      const reader = verdict.offsets.find((offset) => full.includes(offset.reader))?.reader;
      if (reader !== undefined)
        verdict.obstacles.push({
          value: reader,
          because: `the constants behind ${reader} would leave 32 bits`,
        });
    }
  }
}

/** Numbers of the classes that go: needless ones, but never all channels of a value. */
function choose(graph: IntegerGraph, classes: ChannelClasses, verdicts: readonly Verdict[]): number[] {
  const chosen = new Set<number>();
  verdicts.forEach(({ needed, obstacles }, number) => {
    if (!needed && obstacles.length === 0) chosen.add(number);
  });
  for (let before = -1; before !== chosen.size;) {
    before = chosen.size;
    for (const { id, shape } of graph.nodes) {
      const all = Array.from({ length: channelsOf(shape) }, (_, channel) => classes.of(id, channel));
      const [first] = all;
      if (first !== undefined && all.every((number) => chosen.has(number))) chosen.delete(first);
    }
  }
  return [...chosen];
}

/** Per layer: what all the constants that go add to each filter. */
function totalOffsets(offsets: Verdict['offsets']): Map<string, Float64Array> {
  const totals = new Map<string, Float64Array>();
  for (const { reader, offsets: own } of offsets) {
    const total = totals.get(reader);
    totals.set(reader, total ? total.map((sum, filter) => sum + (own[filter] ?? 0)) : own);
  }
  return totals;
}

function masksOf(graph: IntegerGraph, gone: readonly Gone[]): Map<string, ChannelMask> {
  const lengths = new Map(graph.nodes.map(({ id, shape }) => [id, channelsOf(shape)]));
  const masks = new Map<string, ChannelMask>();
  for (const { value, channel } of gone) {
    const mask = masks.get(value) ?? new Uint8Array(lengths.get(value) ?? 0).fill(1);
    mask[channel] = 0;
    masks.set(value, mask);
  }
  return masks;
}

/** Of the classes that nothing but obstacles keeps. */
function keptConstants(verdicts: readonly Verdict[]): KeptConstants[] {
  const kept = new Map<string, KeptConstants>();
  for (const { needed, obstacles } of verdicts) {
    const [first] = obstacles;
    if (needed || !first) continue;
    const key = JSON.stringify(first);
    const channels = (kept.get(key)?.channels ?? 0) + 1;
    kept.set(key, { node: first.value, channels, because: first.because });
  }
  return [...kept.values()];
}

/** Keeps the books over several rounds, in the channel numbers of the first graph. */
class Ledger {
  readonly #nodes: readonly IntegerNode[];
  readonly #left: Map<string, number[]>;
  readonly #because = new Map<string, Record<Needless, number>>();

  constructor({ nodes }: IntegerGraph) {
    this.#nodes = nodes;
    this.#left = new Map(
      nodes.map(({ id, shape }) => [id, Array.from({ length: channelsOf(shape) }, (_, i) => i)]),
    );
  }

  note(gone: readonly Gone[]): void {
    const channels = new Map<string, Set<number>>();
    for (const { value, channel, needless } of gone) {
      channels.set(value, (channels.get(value) ?? new Set()).add(channel));
      const because = this.#because.get(value) ?? { unread: 0, zero: 0, constant: 0 };
      because[needless]++;
      this.#because.set(value, because);
    }
    for (const [value, numbers] of channels) {
      const left = this.#left.get(value) ?? [];
      this.#left.set(
        value,
        left.filter((_, position) => !numbers.has(position)),
      );
    }
  }

  removed(): RemovedChannels[] {
    return this.#nodes.flatMap(({ id, kind, shape }) => {
      const because = this.#because.get(id);
      const kept = this.#left.get(id) ?? [];
      return because ? [{ node: id, kind, before: channelsOf(shape), kept, because }] : [];
    });
  }
}
