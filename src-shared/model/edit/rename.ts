import { BitsmithError } from '../../base/errors.ts';
import { layerId } from '../fields.ts';
import { takenIds } from './new-layer.ts';
import type { NetworkDocument } from './network.ts';

/** Why a layer cannot be called so, as one sentence; null where it can. */
export function renameRefusal(network: NetworkDocument, from: string, to: string): string | null {
  if (from === to) return null;
  if (takenIds(network).has(to))
    return to === 'input' ? '"input" is the network’s input.' : `"${to}" is taken.`;
  const checked = layerId.safeParse(to);
  return checked.success ? null : `An id ${checked.error.issues[0]?.message ?? 'must be text'}.`;
}

/**
 * Gives a layer another id; whoever reads it follows.
 *
 * @throws BitsmithError `invalid-input` for an id that is taken or not allowed
 */
export function renameLayer(network: NetworkDocument, from: string, to: string): NetworkDocument {
  const refusal = renameRefusal(network, from, to);
  if (refusal) throw new BitsmithError('invalid-input', refusal, { layer: from });
  const layers = network.layers.map((layer) => {
    const renamed = layer.id === from ? { ...layer, id: to } : layer;
    if (!renamed.inputs?.includes(from)) return renamed;
    return { ...renamed, inputs: renamed.inputs.map((name) => (name === from ? to : name)) };
  });
  return { ...network, layers };
}
