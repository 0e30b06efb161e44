import { setIn, type JsonKey, type JsonObject } from '#shared/base/json-document.ts';
import { connect, disconnect } from '#shared/model/edit/connect.ts';
import { linksOf } from '#shared/model/edit/links.ts';
import type { LayerDocument, NetworkDocument } from '#shared/model/edit/network.ts';
import { schemaFields } from '../../../components/form/schema-fields.ts';
import { LAYER_KINDS } from '#shared/model/layers/registry.ts';
import type { Quantizes } from '#shared/quant/types.ts';

/** Fields that have a place of their own in the inspector. */
export const OWN_PLACE = ['id', 'kind', 'inputs', 'weights', 'activations'] as const;

/** The network with a field of some layers set; undefined takes it out, so that its default holds. */
export function setField(
  spec: NetworkDocument,
  ids: readonly string[],
  keys: readonly JsonKey[],
  value: unknown,
): NetworkDocument {
  const layers = spec.layers.map((layer) =>
    ids.includes(layer.id) ? (setIn(layer, keys, value) as LayerDocument) : layer,
  );
  return { ...spec, layers };
}

/** What several layers have in common, and which of their fields differ. */
export function commonValues(layers: readonly LayerDocument[]): { value: JsonObject; mixed: string[] } {
  const [first] = layers;
  if (!first) return { value: {}, mixed: [] };
  const keys = [...new Set(layers.flatMap((layer) => Object.keys(layer)))];
  const mixed = keys.filter((key) => layers.some((layer) => !same(layer[key], first[key])));
  return {
    value: Object.fromEntries(keys.map((key) => [key, mixed.includes(key) ? undefined : first[key]])),
    mixed,
  };
}

function same(a: unknown, b: unknown): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}

/** Fields that every one of several kinds has, in the same form; the others are edited one by one. */
export function commonFields(kinds: readonly string[]): string[] {
  const [first, ...others] = kinds.map((kind) => {
    const schema = LAYER_KINDS.find((candidate) => candidate.kind === kind)?.schema;
    return schema ? schemaFields(schema) : [];
  });
  return (first ?? [])
    .filter((field) =>
      others.every((fields) => {
        const twin = fields.find(({ key }) => key === field.key);
        return twin !== undefined && same([twin.shape, twin.fallback], [field.shape, field.fallback]);
      }),
    )
    .map(({ key }) => key);
}

/** What a kind of layer quantizes by a method; null: nothing. */
export function sideOf(kind: string): Quantizes | null {
  const shape = LAYER_KINDS.find((candidate) => candidate.kind === kind)?.schema.shape ?? {};
  return 'weights' in shape ? 'weights' : 'activations' in shape ? 'activations' : null;
}

/** The network with a layer that reads exactly these; each of them can be read. */
export function setInputs(spec: NetworkDocument, id: string, wanted: readonly string[]): NetworkDocument {
  const now = inputsOf(spec, id);
  const added = wanted.filter((name) => !now.includes(name));
  let next = added.reduce((network, source) => connect(network, source, id), spec);
  for (const name of now.filter((one) => !wanted.includes(one))) {
    const index = inputsOf(next, id).indexOf(name);
    if (index >= 0) next = disconnect(next, { target: id, index });
  }
  return next;
}

export function inputsOf(spec: NetworkDocument, id: string): readonly string[] {
  return linksOf(spec).find(({ layer }) => layer.id === id)?.inputs ?? [];
}
