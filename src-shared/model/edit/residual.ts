import type { Shape } from '../types.ts';
import { followersOf, linksOf, withLinks, type Link } from './links.ts';
import { newLayer, takenIds } from './new-layer.ts';
import { freshId } from './ids.ts';
import type { LayerDocument, NetworkDocument } from './network.ts';
import { sectionOf } from './section.ts';

export type Wrapped = { ok: true; network: NetworkDocument; ids: string[] } | { ok: false; refusal: string };

/**
 * Makes layers the branch of a residual block: their result and what enters them are added. Where the shapes differ in a
 * way that a shortcut without weights can bridge, it goes on the other branch.
 *
 * @param shapeOf shapes as far as they are known; null: not known
 */
export function wrapInResidual(
  network: NetworkDocument,
  ids: readonly string[],
  shapeOf: (id: string) => Shape | null,
): Wrapped {
  const links = linksOf(network);
  const { sources, exits } = sectionOf(links, ids);
  const [source, exit] = [sources[0], exits[0]];
  if (source === undefined || exit === undefined || sources.length > 1 || exits.length > 1) {
    const refusal = 'A residual branch needs layers that have one way in and one way out.';
    return { ok: false, refusal };
  }
  const taken = takenIds(network);
  const bridge = bridgeOf(network, shapeOf(source), shapeOf(exit));
  const sum: LayerDocument = { id: freshId('add', taken), kind: 'add' };
  const added: Link[] = [
    ...(bridge ? [{ layer: bridge, inputs: [source] }] : []),
    { layer: sum, inputs: [exit, bridge?.id ?? source] },
  ];
  const inside = new Set(ids);
  const rewired = links.map((link) =>
    inside.has(link.layer.id)
      ? link
      : { ...link, inputs: link.inputs.map((name) => (name === exit ? sum.id : name)) },
  );
  rewired.splice(links.findIndex(({ layer }) => layer.id === exit) + 1, 0, ...added);
  const next = withLinks(network, rewired, followersOf(network));
  return { ok: true, network: next, ids: added.map(({ layer }) => layer.id) };
}

function bridgeOf(network: NetworkDocument, from: Shape | null, to: Shape | null): LayerDocument | null {
  const [height = 0, width = 0, channels = 0] = from ?? [];
  const [rows = 0, columns = 0, filters = 0] = to ?? [];
  if (from?.length !== 3 || to?.length !== 3 || from.join() === to.join() || filters < channels) return null;
  const strides = [Math.round(height / rows), Math.round(width / columns)] as const;
  const fits = Math.ceil(height / strides[0]) === rows && Math.ceil(width / strides[1]) === columns;
  if (!fits || Math.min(...strides) < 1) return null;
  const step = strides[0] === strides[1] ? strides[0] : [...strides];
  return { ...newLayer(network, 'shortcut-a'), filters, ...(step === 1 ? {} : { strides: step }) };
}
