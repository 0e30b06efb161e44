import { beforeAll, describe, expect, it } from 'vitest';
import { METHODS } from '#shared/quant/registry.ts';
import { naturalPair } from '#shared/quant/pairs.ts';
import { decodeCheckpoint, encodeCheckpoint, type Checkpoint } from '#shared/train/checkpoint.ts';
import { smallConfig, smallTrainer } from '#test/support/small-run.ts';
import { TEST_BACKENDS, tf } from '#test/support/tensorflow.ts';

/** Everything that a method trains with is in its checkpoints: a resumed run repeats an uninterrupted one. */

/** A convolution, an activation and an output, so that every method has a layer in a place that suits it. */
const LAYERS = [
  { id: 'conv1', kind: 'conv2d', filters: 4, kernel: 3 },
  { id: 'norm1', kind: 'batch-norm' },
  { id: 'act1', kind: 'activation' },
  { id: 'conv2', kind: 'conv2d', filters: 4, kernel: 3 },
  { id: 'norm2', kind: 'batch-norm' },
  { id: 'join', kind: 'add', inputs: ['norm1', 'norm2'] },
  { id: 'act2', kind: 'activation' },
  { id: 'flat', kind: 'flatten' },
  { id: 'out', kind: 'dense', units: 4 },
  { id: 'norm3', kind: 'batch-norm' },
];

async function lastCheckpoint(
  config: ReturnType<typeof smallConfig>,
  options: { untilEpoch?: number; resume?: Checkpoint } = {},
): Promise<Checkpoint> {
  const trainer = smallTrainer(tf, { config, ...options });
  trainer.prepare();
  let last: Checkpoint | undefined;
  for await (const event of trainer.run()) if (event.type === 'checkpoint') last = event.checkpoint;
  trainer.dispose();
  if (!last) throw new Error('no checkpoint');
  return last;
}

describe('checkpoints', () => {
  beforeAll(() => TEST_BACKENDS[1]?.activate());

  it.each(METHODS.map(({ card }) => card.id))(
    '%s: resumes to the very numbers of an uninterrupted run',
    async (id) => {
      const { weights, activations } = naturalPair(id);
      const config = smallConfig({
        model: { version: 1, name: 'small', input: { shape: [8, 8, 1] }, layers: LAYERS },
        quantization: { weights: { method: weights }, activations: { method: activations } },
        training: { epochs: 2, batchSize: 40, learningRate: 0.01 },
      });
      const whole = await lastCheckpoint(config);
      const half = await lastCheckpoint(config, { untilEpoch: 1 });
      const resumed = await lastCheckpoint(config, {
        resume: decodeCheckpoint(encodeCheckpoint(half), 'the checkpoint'),
      });
      expect(half.position.epoch).toBe(1);
      expect([...resumed.tensors.keys()].sort()).toEqual([...whole.tensors.keys()].sort());
      for (const [name, { data }] of whole.tensors)
        expect(resumed.tensors.get(name)?.data, name).toEqual(data);
    },
  );
});
