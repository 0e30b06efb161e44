import type { Services } from '#shared/contract/index.ts';
import { createModelService } from '#main/services/model/index.ts';
import { randomNetwork, type RandomNetwork } from './qonnx-networks.ts';

/** The network that every run of the fake host has trained. */
export const fakeTrained = (): RandomNetwork =>
  randomNetwork(
    [
      { id: 'conv1', kind: 'conv2d', filters: 4, kernel: 3 },
      { id: 'norm1', kind: 'batch-norm' },
      { id: 'act1', kind: 'activation' },
      { id: 'flat', kind: 'flatten' },
      { id: 'out', kind: 'dense', units: 4 },
    ],
    { weights: { method: 'twn' }, activations: { method: 'gxnor' } },
  );

/** Model files by the service of the real host; a run's network is a small one, whichever run it is. */
export function fakeModel(find: (run: string) => { summary: { id: string } }): Services['model'] {
  return createModelService({
    version: '0.1.0',
    trained: (run, checkpoint) => ({
      ...fakeTrained(),
      run: find(run).summary.id,
      checkpoint: checkpoint ?? 'final',
    }),
  });
}
