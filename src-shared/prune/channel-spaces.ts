import { layerKindOf } from '../model/layers/registry.ts';
import { INPUT, type ResolvedModel } from '../model/resolve.ts';
import type { ResolvedLayer } from '../model/types.ts';

/**
 * Values whose channels stand and fall together: batch norm, activation, pooling and depthwise convolution keep the
 * channels of their input, an add ties those of its inputs. Feature i of a value belongs to channel i mod `channels`
 * (a flattened map repeats its channels at every place).
 */
export interface ChannelSpace {
  channels: number;
  /** Ids of the layers whose outputs lie in it (and `input`), in the order of the network. */
  values: string[];
  /** Channels that cannot be removed: the samples', the classes, and what a layer ties in a way of its own. */
  fixed: boolean;
}

const KEEPS_CHANNELS: ReadonlySet<string> = new Set([
  'activation',
  'add',
  'average-pool',
  'batch-norm',
  'depthwise-conv2d',
  'dropout',
  'flatten',
  'global-average-pool',
  'max-pool',
]);

/**
 * The channel space of every value by its name; values of one space share one object. A layer that moves channels in a way
 * of its own (a shortcut that adds zero channels) fixes those on both sides.
 */
export function channelSpaces(model: ResolvedModel): Map<string, ChannelSpace> {
  const spaces = new Map<string, ChannelSpace>();
  const put = (name: string, space: ChannelSpace) => {
    space.values.push(name);
    spaces.set(name, space);
  };
  put(INPUT, { channels: model.inputShape.at(-1) ?? 1, values: [], fixed: true });
  for (const layer of model.layers) {
    const inputs = layer.inputs.flatMap((name) => spaces.get(name) ?? []);
    const [first] = inputs;
    const keeps = KEEPS_CHANNELS.has(layer.spec.kind);
    if (!first || !keeps) {
      const fixed = !mixesChannels(layer);
      if (fixed) for (const input of inputs) input.fixed = true;
      put(layer.spec.id, { channels: layer.shape.at(-1) ?? 1, values: [], fixed });
    } else {
      for (const other of inputs.slice(1)) merge(first, other, spaces);
      put(layer.spec.id, first);
    }
  }
  const output = spaces.get(model.layers.at(-1)?.spec.id ?? INPUT);
  if (output) output.fixed = true;
  return spaces;
}

/** Whether every output channel of a layer sees every input channel (convolution, dense). */
export function mixesChannels(layer: ResolvedLayer): boolean {
  const shape = layerKindOf(layer.spec.kind).kernel?.(layer.spec, layer.inputShapes);
  return shape !== undefined && shape.filterAxis === shape.shape.length - 1;
}

/** Makes `other` part of `into`. Spaces of unlike channel numbers can only meet flattened; they are then left alone. */
function merge(into: ChannelSpace, other: ChannelSpace, spaces: Map<string, ChannelSpace>): void {
  if (other === into) return;
  into.fixed ||= other.fixed || other.channels !== into.channels;
  other.fixed = into.fixed;
  if (other.channels !== into.channels) return;
  for (const name of other.values) {
    into.values.push(name);
    spaces.set(name, into);
  }
}
