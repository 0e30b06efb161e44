import { z } from 'zod';
import type { GraphBuilder } from './builder.ts';

/** Where the activations of a residual network stand. */
export const stream = z
  .enum(['quantized', 'real', 'pre-activation'])
  .default('quantized')
  .describe(
    'what the shortcuts carry: quantized, the outputs of the activation after each sum; real, a ReLU in floating point with ' +
      'the activation at the entry of each branch; pre-activation, the bare sums, with batch norm and activation before each ' +
      'convolution',
  );
export type Stream = z.output<typeof stream>;

/** ε and the kept share of running statistics in the reference code of the residual networks. */
export const NORM = { momentum: 0.9, epsilon: 1e-5 };

export interface Block {
  /** Convolutions of the branch: filters, kernel, strides. Explicit padding of (kernel − 1)/2 on each side. */
  branch: readonly { filters: number; kernel: number; strides: number }[];
  /**
   * Writes the shortcut from the builder's present layer; absent: the identity. A convolution reads what the branch
   * reads, so that its input is quantized as well.
   */
  shortcut?: { reads: 'branch' | 'stream'; write(graph: GraphBuilder): void };
  /** Initial values of the kernels. */
  initial: Record<string, unknown>;
}

/** One residual block on top of the builder's present layer. */
export function residualBlock(graph: GraphBuilder, block: Block, kind: Stream): void {
  const entry = graph.last;
  if (kind === 'real') graph.act();
  if (kind === 'pre-activation') graph.norm(NORM).act();
  const start = graph.last;
  block.branch.forEach(({ filters, kernel, strides }, index) => {
    if (index > 0) {
      if (kind === 'pre-activation') graph.norm(NORM);
      graph.act();
    }
    graph.conv(filters, kernel, { strides, padding: (kernel - 1) / 2, initial: block.initial });
    if (kind !== 'pre-activation') graph.norm(NORM);
  });
  const branch = graph.last;
  let shortcut = entry;
  if (block.shortcut) {
    graph.from(block.shortcut.reads === 'branch' ? start : entry);
    block.shortcut.write(graph);
    shortcut = graph.last;
    graph.from(branch);
  }
  graph.add(shortcut);
  if (kind === 'quantized') graph.act();
  if (kind === 'real') graph.relu();
}

/** What stands between the stem's convolution and the first block. */
export function stemEnd(graph: GraphBuilder, kind: Stream): GraphBuilder {
  if (kind === 'pre-activation') return graph;
  graph.norm(NORM);
  return kind === 'quantized' ? graph.act() : graph.relu();
}

/** Activation, mean over the map and dense layer at the end. */
export function classifier(graph: GraphBuilder, classes: number, kind: Stream): GraphBuilder {
  graph.scope('head');
  if (kind === 'pre-activation') graph.norm(NORM);
  if (kind !== 'quantized') graph.act();
  return graph.globalPool().dense(classes, { bias: true });
}
