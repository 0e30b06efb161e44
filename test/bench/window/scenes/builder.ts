import { DraftSchema } from '#shared/draft/draft.ts';
import type { Scene } from './types.ts';

/** A deep network being edited: residual blocks of a convolution, a normalisation, an activation and a sum. */
export const builderScene: Scene = {
  async fill(host, { layers }) {
    const draft = DraftSchema.parse({
      id: 'deep',
      revision: 0,
      document: {
        name: 'deep',
        dataset: { name: 'mnist' },
        model: { version: 1, name: 'deep', input: { shape: [28, 28, 1] }, layers: deepNetwork(layers) },
        quantization: { weights: { method: 'twn' }, activations: { method: 'bnn' } },
      },
    });
    await host.services.draft.write({ draft });
  },
};

/** Exactly `count` layers. */
function deepNetwork(count: number): object[] {
  const layers: object[] = [{ id: 'stem', kind: 'conv2d', filters: 16, kernel: 3 }];
  let before = 'stem';
  for (let block = 1; layers.length + 4 <= count - 2; block++) {
    const name = (part: string) => `${part}${block}`;
    layers.push(
      { id: name('conv'), kind: 'conv2d', filters: 16, kernel: 3, inputs: [before] },
      { id: name('norm'), kind: 'batch-norm' },
      { id: name('act'), kind: 'activation' },
      { id: name('add'), kind: 'add', inputs: [name('act'), before] },
    );
    before = name('add');
  }
  while (layers.length < count - 2) layers.push({ id: `more${layers.length}`, kind: 'activation' });
  return [...layers, { id: 'flat', kind: 'flatten' }, { id: 'out', kind: 'dense', units: 10 }];
}
