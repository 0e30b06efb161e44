import { INPUT } from '../infer-layer.ts';
import { ancestorsOf, followersOf, linksOf, readsSeveral, withLinks, type Link } from './links.ts';
import type { LayerDocument, NetworkDocument } from './network.ts';

/** One connection: the place of `index` among the inputs of `target`. */
export interface EdgePlace {
  target: string;
  index: number;
}

/**
 * Puts a layer behind others: it reads them (one that reads a single value: the last of them), and whoever read the last of
 * them now reads the new layer. Behind the last layer it becomes the output.
 *
 * @param sources ids of layers, or `input`; none: behind the last layer
 */
export function insertAfter(
  network: NetworkDocument,
  sources: readonly string[],
  layer: LayerDocument,
): NetworkDocument {
  const links = linksOf(network);
  const order = [INPUT, ...links.map((link) => link.layer.id)];
  const given = sources.length > 0 ? sources : [order.at(-1) ?? INPUT];
  const sorted = [...new Set(given)].toSorted((a, b) => order.indexOf(a) - order.indexOf(b));
  const last = sorted.at(-1) ?? INPUT;
  const inputs = readsSeveral(layer.kind) ? sorted : [last];
  const before = ancestorsOf(links, inputs);
  const rewired = links.map((link): Link =>
    before.has(link.layer.id) ? link : replaceInput(link, last, layer.id),
  );
  rewired.splice(order.indexOf(last), 0, { layer, inputs });
  return withLinks(network, rewired, new Set([...followersOf(network), layer.id]));
}

/** Puts a layer on one connection. */
export function insertOnEdge(
  network: NetworkDocument,
  { target, index }: EdgePlace,
  layer: LayerDocument,
): NetworkDocument {
  const links = linksOf(network);
  const at = links.findIndex((link) => link.layer.id === target);
  const reader = links[at];
  const source = reader?.inputs[index];
  if (!reader || source === undefined) return network;
  const rewired = links.with(at, { ...reader, inputs: reader.inputs.with(index, layer.id) });
  rewired.splice(at, 0, { layer, inputs: [source] });
  return withLinks(network, rewired, new Set([...followersOf(network), layer.id]));
}

/** Puts a layer before another, on its first connection; before one that reads nothing, the new layer is what it reads. */
export function insertBefore(network: NetworkDocument, id: string, layer: LayerDocument): NetworkDocument {
  const links = linksOf(network);
  const at = links.findIndex((link) => link.layer.id === id);
  const reader = links[at];
  if (!reader) return network;
  if (reader.inputs.length > 0) return insertOnEdge(network, { target: id, index: 0 }, layer);
  const rewired = links.with(at, { ...reader, inputs: [layer.id] });
  rewired.splice(at, 0, { layer, inputs: [] });
  return withLinks(network, rewired, followersOf(network));
}

/** Adds a layer that is not connected yet. The output stays what it is; the first layer of all reads the input. */
export function addLoose(network: NetworkDocument, layer: LayerDocument): NetworkDocument {
  const links = linksOf(network);
  if (links.length === 0) return insertAfter(network, [INPUT], layer);
  links.splice(-1, 0, { layer, inputs: [] });
  return withLinks(network, links, followersOf(network));
}

/** A link that reads another layer in the place of one. */
export function replaceInput(link: Link, from: string, to: string): Link {
  return link.inputs.includes(from)
    ? { ...link, inputs: link.inputs.map((name) => (name === from ? to : name)) }
    : link;
}
