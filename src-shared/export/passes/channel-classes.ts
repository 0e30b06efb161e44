import { channelsOf, type IntegerGraph } from '../ir/graph.ts';

/** A channel (element of the last axis) of a value. */
export interface Channel {
  value: string;
  channel: number;
}

/**
 * Which channels of a graph's values can only exist together. A node that works channel by channel (pooling, thresholds,
 * a lookup, a depthwise convolution, sums of several values) ties its output's channel to those of its inputs, a
 * flattening ties all elements of a channel. Convolutions and dense layers tie nothing.
 */
export interface ChannelClasses {
  /** Number of the class of a channel, from 0. */
  of(value: string, channel: number): number;
  /** By class number. */
  members: readonly (readonly Channel[])[];
  /** Classes that the outside sees: channels of the raw input and of what the logits are made of. */
  pinned: ReadonlySet<number>;
}

export function channelClasses(graph: IntegerGraph): ChannelClasses {
  const first = new Map<string, number>();
  const channels: Channel[] = [];
  const declare = (value: string, shape: readonly number[]) => {
    first.set(value, channels.length);
    for (let channel = 0; channel < channelsOf(shape); channel++) channels.push({ value, channel });
  };
  declare('input', graph.input.shape);
  for (const node of graph.nodes) declare(node.id, node.shape);
  const at = (value: string, channel: number) => (first.get(value) ?? 0) + channel;
  const count = (value: string) =>
    channelsOf(
      value === 'input' ? graph.input.shape : (graph.nodes.find(({ id }) => id === value)?.shape ?? []),
    );

  const sets = new DisjointSets(channels.length);
  for (const node of graph.nodes) {
    if (node.kind === 'conv2d' || node.kind === 'dense' || node.kind === 'affine') continue;
    for (const name of node.inputs) {
      const length = count(name);
      for (let channel = 0; channel < channelsOf(node.shape); channel++)
        sets.join(at(node.id, channel), at(name, channel % length));
    }
  }

  const numbers = new Map<number, number>();
  const members: Channel[][] = [];
  const classAt = channels.map((channel, index) => {
    const root = sets.find(index);
    const number = numbers.get(root) ?? members.length;
    if (number === members.length) {
      numbers.set(root, number);
      members.push([]);
    }
    members[number]?.push(channel);
    return number;
  });
  const of = (value: string, channel: number) => classAt[at(value, channel)] ?? 0;

  const pinned = new Set<number>();
  const pin = (value: string) => {
    for (let channel = 0; channel < count(value); channel++) pinned.add(of(value, channel));
  };
  pin('input');
  for (const node of graph.nodes) if (node.kind === 'affine') [node.id, ...node.inputs].forEach(pin);
  return { of, members, pinned };
}

/** Sets of numbers that are joined two by two. */
class DisjointSets {
  readonly #parent: Int32Array;

  constructor(size: number) {
    this.#parent = Int32Array.from({ length: size }, (_, i) => i);
  }

  find(index: number): number {
    let root = index;
    while (this.#parent[root] !== root) {
      // Halves the path on the way.
      const above = this.#parent[this.#parent[root] ?? root] ?? root;
      this.#parent[root] = above;
      root = above;
    }
    return root;
  }

  join(a: number, b: number): void {
    this.#parent[this.find(a)] = this.find(b);
  }
}
