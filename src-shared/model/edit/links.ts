import { INPUT } from '../infer-layer.ts';
import { LAYER_KINDS } from '../layers/registry.ts';
import { sortLinks } from './order.ts';
import type { LayerDocument, NetworkDocument } from './network.ts';

/** A layer with what it reads spelled out. */
export interface Link {
  layer: LayerDocument;
  inputs: readonly string[];
}

/** The layers in order, each with the layers that it reads; a layer that names none reads the one before it. */
export function linksOf(network: NetworkDocument): Link[] {
  return network.layers.map((layer, index) => ({
    layer,
    inputs: layer.inputs ?? [network.layers[index - 1]?.id ?? INPUT],
  }));
}

/** Ids of the layers that name no input because they follow the one before them. */
export function followersOf(network: NetworkDocument): Set<string> {
  return new Set(network.layers.filter(({ inputs }) => inputs === undefined).map(({ id }) => id));
}

/**
 * The network with other links. They are put in an order in which layers refer only backwards. What a layer reads is never
 * left to chance: one of `followers` names no input where it reads the layer before it, all others name theirs.
 */
export function withLinks(
  network: NetworkDocument,
  links: readonly Link[],
  followers: ReadonlySet<string>,
): NetworkDocument {
  const sorted = sortLinks(links);
  const layers = sorted.map(({ layer, inputs }, index) => {
    const before = sorted[index - 1]?.layer.id ?? INPUT;
    const implied = followers.has(layer.id) && inputs.length === 1 && inputs[0] === before;
    return withInputs(layer, implied ? undefined : inputs);
  });
  return { ...network, layers };
}

function withInputs(layer: LayerDocument, inputs: readonly string[] | undefined): LayerDocument {
  if (layer.inputs?.join('\n') === inputs?.join('\n') && layer.inputs?.length === inputs?.length)
    return layer;
  const { id, kind, inputs: _, ...fields } = layer;
  return inputs === undefined ? { id, kind, ...fields } : { id, kind, inputs: [...inputs], ...fields };
}

/** Whether a kind of layer reads several values. An unknown kind reads one. */
export function readsSeveral(kind: string): boolean {
  return LAYER_KINDS.find((candidate) => candidate.kind === kind)?.arity === 'two or more';
}

/** Ids of the layers that read each layer (or the input). */
export function readersOf(links: readonly Link[]): Map<string, string[]> {
  const readers = new Map<string, string[]>();
  for (const { layer, inputs } of links) {
    for (const input of new Set(inputs)) readers.set(input, [...(readers.get(input) ?? []), layer.id]);
  }
  return readers;
}

/** Everything that a layer's value is computed from, itself included. */
export function ancestorsOf(links: readonly Link[], ids: readonly string[]): Set<string> {
  const inputs = new Map(links.map((link) => [link.layer.id, link.inputs]));
  const found = new Set<string>();
  const open = [...ids];
  for (let id = open.pop(); id !== undefined; id = open.pop()) {
    if (found.has(id)) continue;
    found.add(id);
    open.push(...(inputs.get(id) ?? []));
  }
  return found;
}
