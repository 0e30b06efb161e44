import type { TrainedGraph } from '../export/trained-graph.ts';
import type { ResolvedModel } from '../model/resolve.ts';
import type { ChannelConstants } from './channel-constants.ts';
import { channelSpaces, type ChannelSpace } from './channel-spaces.ts';

/**
 * The channels of every space that stay. One goes where a masked filter makes it and every layer that reads the space
 * from outside (convolution, dense) reads a constant there: so the branches of an add lose a channel only together. One
 * channel always stays.
 *
 * @returns for each value by its name the features (last axis) that stay, ascending
 */
export function keptFeatures(
  model: ResolvedModel,
  graph: TrainedGraph,
  constants: ChannelConstants,
  isMasked: (layer: string, filter: number) => boolean,
): Map<string, number[]> {
  const spaces = channelSpaces(model);
  const read = readers(graph);
  const kept = new Map<ChannelSpace, number[]>();
  for (const space of new Set(spaces.values())) {
    const boundary = space.values.filter((name) => read.has(name));
    const goes = (channel: number) =>
      !space.fixed &&
      space.values.some((name) => isMasked(name, channel)) &&
      boundary.every((name) =>
        (constants.get(name) ?? []).every(
          (constant, i) => i % space.channels !== channel || constant !== null,
        ),
      );
    const all = Array.from({ length: space.channels }, (_, channel) => channel);
    const staying = all.filter((channel) => !goes(channel));
    kept.set(space, staying.length > 0 ? staying : [0]);
  }
  const sizes = new Map([
    ['input', model.inputShape.at(-1) ?? 1],
    ...model.layers.map(({ spec, shape }) => [spec.id, shape.at(-1) ?? 1] as const),
  ]);
  return new Map(
    [...spaces].map(([name, space]) => {
      const channels = new Set(kept.get(space));
      const features = Array.from({ length: sizes.get(name) ?? 0 }, (_, i) => i);
      return [name, features.filter((i) => channels.has(i % space.channels))];
    }),
  );
}

/** Values that a convolution or dense layer reads. A dropout vanishes: what stands before it is read. */
function readers({ nodes }: TrainedGraph): Set<string> {
  return new Set(nodes.flatMap(({ kind, inputs }) => (kind === 'conv2d' || kind === 'dense' ? inputs : [])));
}
