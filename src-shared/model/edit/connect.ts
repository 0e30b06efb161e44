import { INPUT } from '../infer-layer.ts';
import type { EdgePlace } from './insert.ts';
import { ancestorsOf, followersOf, linksOf, readersOf, readsSeveral, withLinks } from './links.ts';
import type { NetworkDocument } from './network.ts';

/** Why a layer cannot read another, as one sentence; null where it can. */
export function connectionRefusal(network: NetworkDocument, source: string, target: string): string | null {
  const links = linksOf(network);
  const reader = links.find(({ layer }) => layer.id === target);
  if (target === INPUT) return 'The input reads nothing: draw the connection from it.';
  if (!reader) return `There is no layer "${target}".`;
  if (source !== INPUT && !links.some(({ layer }) => layer.id === source))
    return `There is no layer "${source}".`;
  if (source === target) return `${source} cannot read its own output.`;
  if (reader.inputs.includes(source)) return `${target} reads ${source} already.`;
  if (!ancestorsOf(links, [source]).has(target)) return null;
  return `${target} cannot read ${source}: ${source} is computed from ${target}, so the network would go round in a circle.`;
}

/** Whether a connection takes the place of another: its target reads one value only. */
export function replacedSource(network: NetworkDocument, target: string): string | null {
  const reader = linksOf(network).find(({ layer }) => layer.id === target);
  return reader && !readsSeveral(reader.layer.kind) ? (reader.inputs[0] ?? null) : null;
}

/** Lets a layer read another: one that reads several values besides what it reads, any other one instead. */
export function connect(network: NetworkDocument, source: string, target: string): NetworkDocument {
  if (connectionRefusal(network, source, target)) return network;
  const links = linksOf(network).map((link) => {
    if (link.layer.id !== target) return link;
    return { ...link, inputs: readsSeveral(link.layer.kind) ? [...link.inputs, source] : [source] };
  });
  return withLinks(network, links, followersOf(network));
}

/** Lets one connection start at another layer. */
export function reconnect(network: NetworkDocument, edge: EdgePlace, source: string): NetworkDocument {
  return connect(disconnect(network, edge), source, edge.target);
}

/** Takes one connection away. */
export function disconnect(network: NetworkDocument, { target, index }: EdgePlace): NetworkDocument {
  const links = linksOf(network).map((link) =>
    link.layer.id === target ? { ...link, inputs: link.inputs.filter((_, place) => place !== index) } : link,
  );
  return withLinks(network, links, followersOf(network));
}

/** Why a layer cannot be the network's output, as one sentence; null where it can. */
export function outputRefusal(network: NetworkDocument, id: string): string | null {
  const links = linksOf(network);
  if (!links.some(({ layer }) => layer.id === id)) return 'The output must be a layer.';
  if (links.at(-1)?.layer.id === id) return `${id} is the output already.`;
  const [reader] = readersOf(links).get(id) ?? [];
  return reader ? `${id} cannot be the output: ${reader} reads it.` : null;
}

/** Makes a layer that nobody reads the output. */
export function makeOutput(network: NetworkDocument, id: string): NetworkDocument {
  if (outputRefusal(network, id)) return network;
  const links = linksOf(network);
  const last = links.filter(({ layer }) => layer.id === id);
  return withLinks(network, [...links.filter((link) => !last.includes(link)), ...last], followersOf(network));
}
