import { followersOf, linksOf, readersOf, readsSeveral, withLinks, type Link } from './links.ts';
import type { NetworkDocument } from './network.ts';

/**
 * Takes layers out. Whoever read one of them reads what it read: one that reads several values gets all of them, each
 * once, another one the first.
 */
export function removeLayers(network: NetworkDocument, ids: readonly string[]): NetworkDocument {
  let links = linksOf(network);
  for (const id of ids) links = removeOne(links, id);
  return withLinks(network, links, followersOf(network));
}

function removeOne(links: readonly Link[], id: string): Link[] {
  const gone = links.find((link) => link.layer.id === id);
  if (!gone) return [...links];
  const kept = links
    .filter((link) => link !== gone)
    .map((link) => (link.inputs.includes(id) ? { ...link, inputs: without(link, gone) } : link));
  return gone === links.at(-1) ? outputLast(kept, gone.inputs[0]) : kept;
}

function without(reader: Link, gone: Link): string[] {
  const several = readsSeveral(reader.layer.kind);
  const replaced = reader.inputs.flatMap((name) =>
    name === gone.layer.id ? gone.inputs.slice(0, several ? undefined : 1) : [name],
  );
  return several ? [...new Set(replaced)] : replaced;
}

/** With the output gone, the layer that fed it is the output: not one that happens to stand behind it. */
function outputLast(links: Link[], id: string | undefined): Link[] {
  const feeding = links.find(({ layer }) => layer.id === id);
  if (!feeding || readersOf(links).has(feeding.layer.id)) return links;
  return [...links.filter((link) => link !== feeding), feeding];
}
