import { followersOf, linksOf, readersOf, readsSeveral, withLinks, type Link } from './links.ts';
import { replaceInput } from './insert.ts';
import type { NetworkDocument } from './network.ts';

export type Moved = { ok: true; network: NetworkDocument } | { ok: false; refusal: string };

/**
 * Moves a layer one place forth (−1) or back (+1) in the list. Past a layer that is not connected to it, only the list
 * changes; past one that it reads (or that reads it), the two change places in the graph. The input of a network, its
 * output and branches set limits, each said in one sentence.
 */
export function moveLayer(network: NetworkDocument, id: string, by: -1 | 1): Moved {
  const links = linksOf(network);
  const at = links.findIndex(({ layer }) => layer.id === id);
  const [first, second] = by < 0 ? [links[at - 1], links[at]] : [links[at], links[at + 1]];
  if (at < 0) return { ok: false, refusal: `There is no layer "${id}".` };
  if (!first || !second) return { ok: false, refusal: `${id} is the ${by < 0 ? 'first' : 'last'} layer.` };
  const linked = second.inputs.includes(first.layer.id);
  const moved = linked ? exchanged(links, first, second) : passed(links, first, second);
  if (typeof moved === 'string') return { ok: false, refusal: moved };
  const followers = followersOf(network);
  // Two that change places swap what their places implied as well.
  const implied = linked && followers.has(second.layer.id) ? [first.layer.id, second.layer.id] : [];
  return { ok: true, network: withLinks(network, moved, new Set([...followers, ...implied])) };
}

/** Two neighbours of the list that are not connected, the other way round. */
function passed(links: readonly Link[], first: Link, second: Link): Link[] | string {
  if (second === links.at(-1)) return `${second.layer.id} is the output and stays the last layer.`;
  const place = links.indexOf(first);
  return links.toSpliced(place, 2, second, first);
}

/** Two layers of a chain, the other way round. */
function exchanged(links: readonly Link[], first: Link, second: Link): Link[] | string {
  const [a, b] = [first.layer, second.layer];
  const several = [first, second].find(({ layer, inputs }) => readsSeveral(layer.kind) || inputs.length > 1);
  if (several) return `${a.id} and ${b.id} cannot change places: ${several.layer.id} joins branches.`;
  if ((readersOf(links).get(a.id) ?? []).length > 1) {
    return `${a.id} and ${b.id} cannot change places: more than one layer reads ${a.id}.`;
  }
  const place = links.indexOf(first);
  return links
    .map((link) => (link === second || link === first ? link : replaceInput(link, b.id, a.id)))
    .toSpliced(place, 2, { layer: b, inputs: first.inputs }, { layer: a, inputs: [b.id] });
}
