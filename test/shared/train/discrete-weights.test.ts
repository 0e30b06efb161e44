import { beforeAll, describe, expect, it } from 'vitest';
import { networkVariables } from '#shared/model/variables.ts';
import { resolveRun } from '#shared/run/config.ts';
import { decodeCheckpoint, encodeCheckpoint, type Checkpoint } from '#shared/train/checkpoint.ts';
import { createState } from '#shared/train/state.ts';
import { smallConfig, smallTrainer } from '#test/support/small-run.ts';
import { TEST_BACKENDS, tf } from '#test/support/tensorflow.ts';

const info = { name: 'corners', shape: [8, 8, 1] as [number, number, number], classes: ['a', 'b', 'c', 'd'] };
const WEIGHTS = { conv1: 54, depth: 54, out: 384 };

function config(order: number) {
  return smallConfig({
    quantization: { weights: { method: 'gxnor', order }, activations: { method: 'gxnor' } },
    training: { epochs: 8, batchSize: 20, learningRate: 0.02 },
  });
}

async function train(order: number): Promise<{ last: Checkpoint; accuracy: number }> {
  const trainer = smallTrainer(tf, { config: config(order) });
  trainer.prepare();
  let last: Checkpoint | undefined;
  let accuracy = 0;
  for await (const event of trainer.run()) {
    if (event.type === 'checkpoint') last = event.checkpoint;
    if (event.type === 'ended') accuracy = event.accuracy ?? 0;
  }
  trainer.dispose();
  if (!last) throw new Error('no checkpoint');
  return { last, accuracy };
}

beforeAll(() => TEST_BACKENDS[1]?.activate());

describe('the memory that a discrete weight takes in training', () => {
  it.each([
    [0, 24],
    [1, 12],
    [2, 8],
    [3, 6],
  ])('order %d: %d weights in a word of 4 bytes on the back end', (order, perWord) => {
    const model = resolveRun(config(order), info);
    const variables = networkVariables(model);
    const layout = { model, variables, optimizer: config(order).training.optimizer, fallback: false };
    const state = createState(tf, layout, 1, undefined, undefined);
    for (const [layer, count] of Object.entries(WEIGHTS)) {
      const tensor = state[`${layer}/kernel`];
      expect((tensor?.size ?? NaN) * 4).toBe(Math.ceil(count / perWord) * 4);
    }
    const float = smallConfig().training.optimizer;
    const latent = createState(
      tf,
      {
        ...layout,
        model: resolveRun(smallConfig(), info),
        variables: networkVariables(resolveRun(smallConfig(), info)),
        optimizer: float,
      },
      1,
      undefined,
      undefined,
    );
    expect((latent['out/kernel']?.size ?? 0) / (state['out/kernel']?.size ?? 1)).toBeCloseTo(perWord, 5);
    tf.dispose([...Object.values(state), ...Object.values(latent)]);
  });

  it('in a checkpoint is a byte, and the file comes back to the same states', async () => {
    const { last } = await train(1);
    const stored = decodeCheckpoint(encodeCheckpoint(last), 'checkpoint');
    for (const [layer, count] of Object.entries(WEIGHTS)) {
      const { data } = stored.tensors.get(`${layer}/kernel`) ?? {};
      expect(data).toBeInstanceOf(Int8Array);
      expect(data?.byteLength).toBe(count);
      expect(new Set(data)).toEqual(new Set([-1, 0, 1]));
    }
  });
});

describe('training without full-precision weights', () => {
  it.each([0, 1, 2, 3])('learns with the states of order %d', async (order) => {
    expect((await train(order)).accuracy).toBeGreaterThan(0.7);
  });
});
