import type { Draft } from '#shared/draft/draft.ts';
import type { JsonObject } from '#shared/base/json-document.ts';

/** A small ternary network on MNIST: trains in a minute on any machine, and every part of it can be changed. */
export const FIRST_DOCUMENT: JsonObject = {
  name: 'untitled',
  dataset: { name: 'mnist' },
  model: { preset: 'lenet-small' },
  quantization: { weights: { method: 'twn' }, activations: { method: 'gxnor' } },
  training: { epochs: 5 },
};

export function newDraft(document: JsonObject, parent: Draft['parent'] = null): Draft {
  const id = [...crypto.getRandomValues(new Uint8Array(8))].map((byte) => byte.toString(16).padStart(2, '0'));
  return {
    id: id.join(''),
    revision: 0,
    document,
    unreadable: {},
    canvas: { places: {}, groups: [] },
    parent,
    replicates: 1,
  };
}
