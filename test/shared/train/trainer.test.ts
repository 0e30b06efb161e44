import { beforeAll, describe, expect, it } from 'vitest';
import { decodeCheckpoint, encodeCheckpoint, type Checkpoint } from '#shared/train/checkpoint.ts';
import type { TrainEvent } from '#shared/train/events.ts';
import type { Trainer } from '#shared/train/trainer.ts';
import { smallConfig, smallTrainer } from '#test/support/small-run.ts';
import { TEST_BACKENDS, WEBGPU_MISSING, tf } from '#test/support/tensorflow.ts';

async function collect(trainer: Trainer): Promise<TrainEvent[]> {
  trainer.prepare();
  const events: TrainEvent[] = [];
  for await (const event of trainer.run()) events.push(event);
  trainer.dispose();
  return events;
}

function lastCheckpoint(events: readonly TrainEvent[]): Checkpoint {
  const found = events.findLast((event) => event.type === 'checkpoint');
  if (found?.type !== 'checkpoint') throw new Error('no checkpoint');
  return found.checkpoint;
}

function bytesOf({ tensors }: Checkpoint): Record<string, string> {
  return Object.fromEntries(
    [...tensors].map(([name, { data }]) => [
      name,
      Buffer.from(data.buffer, data.byteOffset, data.byteLength).toString('hex'),
    ]),
  );
}

describe.each(TEST_BACKENDS.filter(({ id }) => id !== 'webgpu'))('training on $id', (backend) => {
  beforeAll(() => backend.activate());

  it('learns: from chance to nearly all right', async () => {
    const config = smallConfig({ training: { epochs: 8, batchSize: 20, learningRate: 0.02 } });
    const end = (await collect(smallTrainer(tf, { config }))).at(-1);
    expect(end).toMatchObject({ type: 'ended', status: 'finished' });
    expect(end?.type === 'ended' ? end.accuracy : 0).toBeGreaterThan(0.9);
  });

  it('is the same to the last byte when it is run again', async () => {
    const first = lastCheckpoint(await collect(smallTrainer(tf)));
    expect(bytesOf(lastCheckpoint(await collect(smallTrainer(tf))))).toEqual(bytesOf(first));
  });

  it.each([1, 5, 8, 9, 17])(
    'is the same to the last byte when it is paused after step %d and resumed',
    async (at) => {
      const whole = bytesOf(lastCheckpoint(await collect(smallTrainer(tf))));
      let step = 0;
      const paused = await collect(smallTrainer(tf, { command: () => (++step === at ? 'pause' : null) }));
      expect(paused.at(-1)).toMatchObject({ type: 'ended', status: 'paused' });
      const stored = lastCheckpoint(paused);
      expect(stored.position.step).toBe(at);
      const resume = decodeCheckpoint(encodeCheckpoint(stored), 'checkpoint');
      expect(bytesOf(lastCheckpoint(await collect(smallTrainer(tf, { resume }))))).toEqual(whole);
    },
  );

  it('keeps the number of tensors constant from epoch to epoch, and frees all of them', async () => {
    const before = tf.memory().numTensors;
    const events = await collect(
      smallTrainer(tf, {
        config: smallConfig({ training: { epochs: 5, batchSize: 20, metricsEvery: 100 } }),
      }),
    );
    const alive = events.flatMap((event) => (event.type === 'progress' ? [event.tensors] : []));
    expect(alive.length).toBeGreaterThan(5);
    expect(new Set(alive).size).toBe(1);
    expect(tf.memory().numTensors).toBe(before);
  });

  it('records the same kernels in every step', async () => {
    const trainer = smallTrainer(tf);
    trainer.prepare();
    await trainer.measure(1);
    const record = async () => {
      const { kernels } = await tf.profile(async () => {
        await trainer.measure(0);
        return tf.scalar(0);
      });
      return kernels.map(({ name, inputShapes }) => `${name} ${JSON.stringify(inputShapes)}`);
    };
    const first = await record();
    expect(first.length).toBeGreaterThan(50);
    expect(await record()).toEqual(first);
    trainer.dispose();
  });
});

describe('training on webgpu', () => {
  it.skipIf(WEBGPU_MISSING)(
    `learns and keeps its number of tensors${WEBGPU_MISSING ? ` (skipped: ${WEBGPU_MISSING})` : ''}`,
    async () => {
      await TEST_BACKENDS.find(({ id }) => id === 'webgpu')?.activate();
      const config = smallConfig({ training: { epochs: 4, batchSize: 40, learningRate: 0.02 } });
      const events = await collect(smallTrainer(tf, { config }));
      const end = events.at(-1);
      expect(end?.type === 'ended' ? end.accuracy : 0).toBeGreaterThan(0.6);
      const alive = events.flatMap((event) => (event.type === 'progress' ? [event.tensors] : []));
      expect(new Set(alive).size).toBe(1);
    },
  );
});

describe('what training reports', () => {
  let events: TrainEvent[] = [];
  beforeAll(async () => {
    await TEST_BACKENDS[1]?.activate();
    events = await collect(smallTrainer(tf));
  });

  it('has loss, accuracy, rate and speed, and per quantized layer zero fraction, flip ratio and histogram', () => {
    const names = new Set(
      events.flatMap((event) => (event.type === 'metrics' ? event.points.map(({ series }) => series) : [])),
    );
    for (const name of [
      'train/loss',
      'train/accuracy',
      'learning-rate',
      'steps-per-second',
      'validation/loss',
      'validation/accuracy',
      'test/accuracy',
      'layer/conv1/zero-fraction',
      'layer/depth/flip-ratio',
      'layer/out/zero-fraction',
      'layer/conv1/scale',
      'layer/conv1/threshold/1',
      'layer/act1/threshold/1',
      'memory/backend',
      'memory/tensors',
    ]) {
      expect(names).toContain(name);
    }
    const rows = events.flatMap((event) => (event.type === 'histograms' ? event.rows : []));
    expect(rows).toHaveLength(3 * 3);
    expect(rows.every(({ counts }) => counts.reduce((sum, n) => sum + n, 0) > 0)).toBe(true);
  });

  it('writes a checkpoint at least every epoch and one at the end, with optimizer slots and statistics', () => {
    const checkpoints = events.flatMap((event) => (event.type === 'checkpoint' ? [event] : []));
    expect(checkpoints.map(({ checkpoint }) => checkpoint.position.epoch)).toEqual([1, 2, 3, 3]);
    expect(checkpoints.at(-1)?.kind).toBe('final');
    const names = [...(checkpoints[0]?.checkpoint.tensors.keys() ?? [])];
    expect(names).toEqual(
      expect.arrayContaining(['conv1/kernel', 'm:conv1/kernel', 'v:norm1/gamma', 'norm1/mean', 'depth/bias']),
    );
  });

  it('stops with a clear error when the loss is no number any more', async () => {
    const config = smallConfig({
      training: { epochs: 1, batchSize: 20, learningRate: 1e6, optimizer: { kind: 'sgd' }, metricsEvery: 1 },
      quantization: { weights: { method: 'full-precision' }, activations: { method: 'full-precision' } },
      model: {
        version: 1,
        name: 'plain',
        input: { shape: [8, 8, 1] },
        layers: [
          { id: 'flat', kind: 'flatten' },
          { id: 'a', kind: 'dense', units: 20 },
          { id: 'r', kind: 'activation' },
          { id: 'b', kind: 'dense', units: 4 },
        ],
      },
    });
    await expect(collect(smallTrainer(tf, { config }))).rejects.toThrow(
      /loss is no finite number any more at step \d+; lower/,
    );
  });

  it('refuses a checkpoint of another network, naming the tensor', () => {
    const stored = lastCheckpoint(events);
    const tensors = new Map(stored.tensors);
    tensors.delete('conv1/kernel');
    const trainer = smallTrainer(tf, { resume: { ...stored, tensors } });
    expect(() => trainer.prepare()).toThrow(/lacks the tensor "conv1\/kernel"/);
  });
});
