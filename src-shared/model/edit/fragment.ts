import { BitsmithError } from '../../base/errors.ts';
import { isObject } from '../../base/json-document.ts';
import { INPUT } from '../infer-layer.ts';
import { copyId } from './ids.ts';
import { replaceInput } from './insert.ts';
import { followersOf, linksOf, withLinks, type Link } from './links.ts';
import { newLayer, takenIds } from './new-layer.ts';
import { readNetwork, type LayerDocument, type NetworkDocument } from './network.ts';
import { sectionOf } from './section.ts';

/** Layers by themselves, as the clipboard holds them. All name what they read; names from outside are kept. */
export interface Fragment {
  bitsmith: 'layers';
  layers: readonly (LayerDocument & { inputs: string[] })[];
}

/** What pasting gives: the network, and the new layers' ids in order. */
export interface Pasted {
  network: NetworkDocument;
  ids: string[];
}

export function copyLayers(network: NetworkDocument, ids: readonly string[]): Fragment {
  return {
    bitsmith: 'layers',
    layers: linksOf(network)
      .filter(({ layer }) => ids.includes(layer.id))
      .map(({ layer: { id, kind, ...fields }, inputs }) => ({ id, kind, ...fields, inputs: [...inputs] })),
  };
}

/**
 * Reads text of the clipboard: copied layers, a list of layers, one layer, or a network.
 *
 * @throws BitsmithError `invalid-input` where it holds none
 */
export function readFragment(text: string): Fragment {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new BitsmithError('invalid-input', 'the clipboard holds no layers: its text is no JSON');
  }
  const held = isObject(value) ? value.layers : value;
  const reading = readNetwork({ layers: Array.isArray(held) ? held : [value] });
  if (!reading.ok) {
    throw new BitsmithError(
      'invalid-input',
      `the clipboard holds no layers that can be pasted: ${reading.message}`,
    );
  }
  const ids = reading.network.layers.map(({ id }) => id);
  if (ids.length === 0) throw new BitsmithError('invalid-input', 'the clipboard holds no layers');
  return copyLayers(reading.network, ids);
}

/**
 * Puts copied layers behind a layer: what they read from outside is that layer, and where they have one way out, whoever
 * read that layer reads it. Ids become fresh ones; connections among them are kept.
 *
 * @param after id of a layer, or `input`; absent: behind the last layer
 */
export function pasteAfter(network: NetworkDocument, fragment: Fragment, after?: string): Pasted {
  const links = linksOf(network);
  const source = after ?? links.at(-1)?.layer.id ?? INPUT;
  const { copies, ids } = freshCopies(network, fragment, () => source);
  const [exit, ...others] = sectionOf(copies, ids).exits;
  const through = others.length === 0 && copies.some(({ inputs }) => inputs.includes(source));
  const rewired =
    exit !== undefined && through ? links.map((link) => replaceInput(link, source, exit)) : [...links];
  const place = links.findIndex(({ layer }) => layer.id === source) + 1;
  // What does not end in one way out must not become the output by its place.
  rewired.splice(through || links.length === 0 ? place : Math.min(place, links.length - 1), 0, ...copies);
  return { network: withLinks(network, rewired, new Set([...followersOf(network), ...ids])), ids };
}

/**
 * Doubles layers. A piece with one way in and one way out is repeated: its copy follows it. Any other layers are copied
 * beside themselves and read what the originals read.
 */
export function duplicateLayers(network: NetworkDocument, ids: readonly string[]): Pasted {
  const links = linksOf(network);
  const fragment = copyLayers(network, ids);
  const { sources, exits } = sectionOf(links, ids);
  const [exit] = exits;
  if (sources.length === 1 && exits.length === 1 && exit !== undefined)
    return pasteAfter(network, fragment, exit);
  const { copies, ids: fresh } = freshCopies(network, fragment, (name) => name);
  const last = links.findLastIndex(({ layer }) => ids.includes(layer.id));
  const place = Math.min(last + 1, links.length - 1);
  return {
    network: withLinks(network, links.toSpliced(place, 0, ...copies), followersOf(network)),
    ids: fresh,
  };
}

function freshCopies(
  network: NetworkDocument,
  { layers }: Fragment,
  outside: (name: string) => string,
): { copies: Link[]; ids: string[] } {
  const taken = takenIds(network);
  const names = new Map<string, string>();
  for (const { id } of layers) {
    const fresh = taken.has(id) ? copyId(id, taken) : id;
    taken.add(fresh);
    names.set(id, fresh);
  }
  const copies = layers.map(({ inputs, ...layer }): Link => {
    const id = names.get(layer.id) ?? layer.id;
    const reads = inputs.map((name) => names.get(name) ?? outside(name));
    const { inputs: _, ...plain } = { ...layer, id } as LayerDocument;
    return { layer: plain, inputs: [...new Set(reads)] };
  });
  return { copies, ids: copies.map(({ layer }) => layer.id) };
}

/** Ready-made pieces of the palette: layers that follow each other, as a fragment. */
export function chainOf(kinds: readonly string[]): Fragment {
  const layers: (LayerDocument & { inputs: string[] })[] = [];
  for (const kind of kinds) {
    const { id, ...fields } = newLayer({ layers }, kind);
    layers.push({ ...fields, id, kind, inputs: [layers.at(-1)?.id ?? INPUT] });
  }
  return { bitsmith: 'layers', layers };
}
