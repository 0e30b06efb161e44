import { beforeAll, describe, expect, it } from 'vitest';
import { decodeCheckpoint, encodeCheckpoint, type Checkpoint } from '#shared/train/checkpoint.ts';
import type { TrainEvent } from '#shared/train/events.ts';
import type { Trainer } from '#shared/train/trainer.ts';
import { smallConfig, smallTrainer } from '#test/support/small-run.ts';
import { TEST_BACKENDS, tf } from '#test/support/tensorflow.ts';

async function collect(trainer: Trainer): Promise<TrainEvent[]> {
  trainer.prepare();
  const events: TrainEvent[] = [];
  for await (const event of trainer.run()) events.push(event);
  trainer.dispose();
  return events;
}
const checkpoints = (events: readonly TrainEvent[]) =>
  events.flatMap((event) => (event.type === 'checkpoint' ? [event] : []));
const lastCheckpoint = (events: readonly TrainEvent[]): Checkpoint => {
  const found = checkpoints(events).at(-1);
  if (!found) throw new Error('no checkpoint');
  return found.checkpoint;
};
const numbers = (checkpoint: Checkpoint, name: string) =>
  Array.from(checkpoint.tensors.get(name)?.data ?? []);
const bytes = (checkpoint: Checkpoint) =>
  Buffer.from(encodeCheckpoint({ ...checkpoint, position: { ...checkpoint.position, elapsed: 0 } }));
const series = (events: readonly TrainEvent[], name: string) =>
  events.flatMap((event) =>
    event.type === 'metrics'
      ? event.points.filter((point) => point.series === name).map(({ value }) => value)
      : [],
  );
const zeroShare = (values: number[]) => values.filter((value) => value === 0).length / values.length;
const config = (training: Record<string, unknown>, over: Record<string, unknown> = {}) =>
  smallConfig({ training: { batchSize: 20, learningRate: 0.02, metricsEvery: 4, ...training }, ...over });

beforeAll(() => TEST_BACKENDS[1]?.activate());

const FOUR_PHASES = {
  phases: [
    { name: 'full precision', epochs: 2, weightQuantization: 0, activationQuantization: 0 },
    { name: 'quantize', epochs: 2, weightQuantization: { kind: 'linear', initial: 0, final: 1 } },
    { name: 'prune', epochs: 2, sparsity: { kind: 'polynomial', initial: 0, final: 0.5, end: 1 } },
    {
      name: 'fine-tune',
      epochs: 2,
      sparsity: 0.5,
      freeze: { batchNorm: true, quantizer: true },
      learningRate: 0.002,
    },
  ],
  pruning: { sparsity: 0, everySteps: 3 },
};

describe('phases: full precision, quantize, prune, fine-tune', () => {
  let events: TrainEvent[] = [];
  beforeAll(async () => {
    events = await collect(smallTrainer(tf, { config: config(FOUR_PHASES) }));
  });

  it('ends with a network that has learnt, at the sparsity of the last phase', () => {
    const end = events.at(-1);
    expect(end?.type === 'ended' ? end.accuracy : 0).toBeGreaterThan(0.7);
    for (const layer of ['conv1', 'depth', 'out']) {
      expect(zeroShare(numbers(lastCheckpoint(events), `${layer}/mask`))).toBeCloseTo(0.5, 1);
    }
  });

  it('reports what changes over time', () => {
    expect(new Set(series(events, 'schedule/activation-quantization'))).toEqual(new Set([0, 1]));
    const strength = series(events, 'schedule/weight-quantization');
    expect(strength.some((value) => value > 0 && value < 1)).toBe(true);
    expect(series(events, 'schedule/sparsity').at(-1)).toBe(0.5);
    expect(series(events, 'learning-rate').at(-1)).toBe(0.002);
  });

  it('takes no checkpoint for the best that is not yet what is deployed', () => {
    const best = checkpoints(events).filter(({ kind }) => kind === 'best');
    expect(best.length).toBeGreaterThan(0);
    expect(best.every(({ checkpoint }) => checkpoint.position.epoch >= 5)).toBe(true);
  });

  it('keeps batch norm still while it is frozen', () => {
    const at = (epoch: number) =>
      checkpoints(events).find(({ checkpoint }) => checkpoint.position.epoch === epoch);
    for (const name of ['norm1/gamma', 'norm1/beta', 'norm1/mean', 'norm1/variance']) {
      const [earlier, before, after] = [4, 6, 8].map((epoch) => {
        const found = at(epoch);
        return found ? numbers(found.checkpoint, name) : [];
      });
      expect(before).toEqual(after);
      expect(earlier).not.toEqual(after);
    }
  });

  it.each([3, 17, 20, 33, 50])(
    'is the same to the last byte when it is paused after step %d',
    async (step) => {
      let asked = 0;
      const command = () => (++asked === step ? ('pause' as const) : null);
      const paused = lastCheckpoint(
        await collect(smallTrainer(tf, { config: config(FOUR_PHASES), command })),
      );
      expect(paused.position.step).toBe(step);
      const resume = decodeCheckpoint(encodeCheckpoint(paused), 'checkpoint');
      const resumed = await collect(smallTrainer(tf, { config: config(FOUR_PHASES), resume }));
      expect(bytes(lastCheckpoint(resumed)).equals(bytes(lastCheckpoint(events)))).toBe(true);
    },
  );

  it('leaks no tensor', async () => {
    const before = tf.memory().numTensors;
    const all = await collect(smallTrainer(tf, { config: config(FOUR_PHASES) }));
    const alive = all.flatMap((event) => (event.type === 'progress' ? [event.tensors] : []));
    expect(new Set(alive).size).toBe(1);
    expect(tf.memory().numTensors).toBe(before);
  });
});

describe('a run in full precision before it is quantized', () => {
  it('is the run of the full-precision methods, to the last byte of its kernels', async () => {
    const relaxed = await collect(
      smallTrainer(tf, { config: config({ epochs: 2, weightQuantization: 0, activationQuantization: 0 }) }),
    );
    const quantization = {
      weights: { method: 'full-precision' },
      activations: { method: 'full-precision', function: 'hard-tanh' },
    };
    const plain = await collect(smallTrainer(tf, { config: config({ epochs: 2 }, { quantization }) }));
    for (const name of ['conv1/kernel', 'out/kernel', 'norm1/mean']) {
      const [a, b] = [relaxed, plain].map((events) => numbers(lastCheckpoint(events), name));
      expect(a).toEqual(b);
    }
    expect(series(relaxed, 'test/accuracy')).toEqual(series(plain, 'test/accuracy'));
  });
});

describe('the regularization schedule', () => {
  const quantization = {
    weights: { method: 'bnn-plus', strength: 0.01 },
    activations: { method: 'bnn-plus' },
  };
  const kernel = async (regularization: unknown) =>
    numbers(
      lastCheckpoint(
        await collect(smallTrainer(tf, { config: config({ epochs: 1, regularization }, { quantization }) })),
      ),
      'conv1/kernel',
    );

  it('at 1 is as if there were none, at 0 takes the penalty away', async () => {
    const [absent, one, zero] = [
      await kernel(undefined),
      await kernel({ kind: 'linear', initial: 1, final: 1 }),
      await kernel(0),
    ];
    expect(one).toEqual(absent);
    expect(zero).not.toEqual(absent);
  });
});

describe('pruning masks in training', () => {
  it('cut weights to code 0 in a binary network too, and frozen ones never come back', async () => {
    const quantization = { weights: { method: 'bnn' }, activations: { method: 'bnn' } };
    const pruning = {
      sparsity: { kind: 'linear', initial: 0, final: 0.6, end: 2 },
      everySteps: 4,
      masks: 'frozen',
      layers: { out: 0 },
    };
    const events = await collect(
      smallTrainer(tf, { config: config({ epochs: 4, pruning }, { quantization }) }),
    );
    const masks = checkpoints(events).map(({ checkpoint }) => numbers(checkpoint, 'conv1/mask'));
    masks.slice(1).forEach((mask, i) => {
      expect(mask.every((kept, j) => kept === 0 || masks[i]?.[j] === 1)).toBe(true);
    });
    expect(zeroShare(masks.at(-1) ?? [])).toBeCloseTo(0.6, 1);
    expect(lastCheckpoint(events).tensors.has('out/mask')).toBe(false);
    const rows = events.flatMap((event) => (event.type === 'histograms' ? event.rows : []));
    expect(rows.findLast(({ layer }) => layer === 'conv1')?.codes['0']).toBeCloseTo(0.6, 1);
  });

  it('by groups and channels, with a penalty', async () => {
    for (const granularity of ['group', 'channel']) {
      const pruning = { sparsity: 0.3, granularity, groupChannels: 1, penalty: {}, scope: 'global' };
      const events = await collect(smallTrainer(tf, { config: config({ epochs: 2, pruning }) }));
      expect(events.at(-1)).toMatchObject({ type: 'ended', status: 'finished' });
    }
  });
});

describe('iterative pruning', () => {
  const rounds = (tolerance: number) => ({
    pruning: { rounds: { levels: [0.3, 0.6, 0.95, 0.99], epochs: 2, tolerance } },
  });
  const start = async () =>
    lastCheckpoint(await collect(smallTrainer(tf, { config: config({ epochs: 6 }) })));

  it('ends when the accuracy suffers, with the last good state', async () => {
    const initial = await start();
    const events = await collect(smallTrainer(tf, { config: config(rounds(0.05)), initial }));
    const standing = lastCheckpoint(events).position.rounds;
    expect(standing).toMatchObject({ ended: true });
    const passed = standing?.passed ?? -1;
    expect(passed).toBeGreaterThan(0);
    expect(passed).toBeLessThan(4);
    const good = checkpoints(events).find(({ checkpoint }) => checkpoint.position.epoch === 2 * passed);
    for (const name of ['conv1/kernel', 'conv1/mask', 'norm1/gamma']) {
      expect(numbers(lastCheckpoint(events), name)).toEqual(good && numbers(good.checkpoint, name));
    }
    const told = events.flatMap((event) => (event.type === 'log' ? [event.message] : []));
    expect(told.at(-1)).toMatch(
      /more than the tolerance of 5.00 points; the state of the last good level is restored/,
    );
  });

  it('is the same to the last byte when it is paused in the middle', async () => {
    const initial = await start();
    const whole = await collect(smallTrainer(tf, { config: config(rounds(0.05)), initial }));
    for (const step of [7, 16, 21]) {
      let asked = 0;
      const command = () => (++asked === step ? ('pause' as const) : null);
      const paused = lastCheckpoint(
        await collect(smallTrainer(tf, { config: config(rounds(0.05)), initial, command })),
      );
      const resume = decodeCheckpoint(encodeCheckpoint(paused), 'checkpoint');
      const resumed = await collect(smallTrainer(tf, { config: config(rounds(0.05)), resume }));
      expect(bytes(lastCheckpoint(resumed)).equals(bytes(lastCheckpoint(whole)))).toBe(true);
    }
  });

  it('goes through all levels where nothing is lost, and needs a validation split', async () => {
    const events = await collect(smallTrainer(tf, { config: config(rounds(1)), initial: await start() }));
    expect(lastCheckpoint(events).position.rounds).toMatchObject({ passed: 4, ended: false });
    const blind = config(rounds(1), { dataset: { name: 'corners', validation: 0 } });
    expect(() => smallTrainer(tf, { config: blind })).toThrow(/"dataset.validation" is 0/);
  });
});

describe('a training that is to pause at an epoch', () => {
  it('pauses exactly there, and goes on to the same bytes', async () => {
    const plan = config({ epochs: 4 });
    const whole = lastCheckpoint(await collect(smallTrainer(tf, { config: plan })));
    const first = await collect(smallTrainer(tf, { config: plan, untilEpoch: 2 }));
    expect(first.at(-1)).toMatchObject({ type: 'ended', status: 'paused' });
    expect(lastCheckpoint(first).position).toMatchObject({ epoch: 2, stepInEpoch: 0 });
    const second = await collect(
      smallTrainer(tf, { config: plan, resume: lastCheckpoint(first), untilEpoch: 4 }),
    );
    expect(second.at(-1)).toMatchObject({ type: 'ended', status: 'finished' });
    expect(bytes(lastCheckpoint(second)).equals(bytes(whole))).toBe(true);
  });
});

describe('training from another run’s weights', () => {
  it('begins with them, and keeps its own values where the other has none', async () => {
    const initial = lastCheckpoint(await collect(smallTrainer(tf, { config: config({ epochs: 2 }) })));
    const quantization = { weights: { method: 'ttq' }, activations: { method: 'lsq' } };
    const events = await collect(
      smallTrainer(tf, {
        config: config({ epochs: 1, learningRate: 1e-12, optimizer: { kind: 'sgd' } }, { quantization }),
        initial,
      }),
    );
    const end = lastCheckpoint(events);
    numbers(end, 'conv1/kernel').forEach((w, i) =>
      expect(w).toBeCloseTo(numbers(initial, 'conv1/kernel')[i] ?? 9, 6),
    );
    expect(numbers(end, 'conv1/positive').length + numbers(end, 'act1/step').length).toBeGreaterThan(0);
  });
});

describe('what a method derives from the kernels', () => {
  // LSQ: the step is 2 · mean|W| / √Qp, with Qp = 1 for 2 bits.
  const expected = (kernel: number[]) =>
    (2 * kernel.reduce((sum, w) => sum + Math.abs(w), 0)) / kernel.length / Math.sqrt(1);
  const quantization = { weights: { method: 'lsq', bits: 2 }, activations: { method: 'gxnor' } };
  const still = { learningRate: 1e-12, optimizer: { kind: 'sgd' } };

  it('comes from another run’s kernels where training starts from them', async () => {
    const initial = lastCheckpoint(await collect(smallTrainer(tf, { config: config({ epochs: 2 }) })));
    const end = lastCheckpoint(
      await collect(smallTrainer(tf, { config: config({ epochs: 1, ...still }, { quantization }), initial })),
    );
    expect(numbers(end, 'conv1/step')[0]).toBeCloseTo(expected(numbers(initial, 'conv1/kernel')), 5);
  });

  it('comes from the kernels at the end of the phase in full precision', async () => {
    const phases = [
      { name: 'full precision', epochs: 2, weightQuantization: 0 },
      { name: 'quantize', epochs: 1, learningRate: 1e-12 },
    ];
    const plan = config({ phases, optimizer: { kind: 'sgd' } }, { quantization });
    const events = await collect(smallTrainer(tf, { config: plan }));
    const trained = checkpoints(events).find(({ checkpoint }) => checkpoint.position.epoch === 2);
    if (!trained) throw new Error('no checkpoint after the first phase');
    const before = numbers(trained.checkpoint, 'conv1/step')[0] ?? 0;
    const after = numbers(lastCheckpoint(events), 'conv1/step')[0] ?? 0;
    expect(after).toBeCloseTo(expected(numbers(trained.checkpoint, 'conv1/kernel')), 5);
    expect(Math.abs(after - before)).toBeGreaterThan(1e-4);
  });
});

describe('a method whose statistics are frozen for deployment', () => {
  const quantization = {
    weights: { method: 'tot-net' },
    activations: { method: 'tot-net', left: 'leaky-relu' },
  };

  it('reports the accuracy with the statistics of each sample beside the deployed one, and their difference', async () => {
    const events = await collect(smallTrainer(tf, { config: config({ epochs: 4 }, { quantization }) }));
    const [deployed] = series(events, 'test/accuracy');
    const [trained] = series(events, 'test/accuracy-training-form');
    if (deployed === undefined || trained === undefined) throw new Error('an accuracy is missing');
    expect(trained).toBeGreaterThan(0.5);
    const told = events.flatMap((event) => (event.type === 'log' ? [event.message] : []));
    expect(told.at(-1)).toContain(`: ${((deployed - trained) * 100).toFixed(2)} points`);
  });

  it('reports nothing of the kind where nothing is frozen', async () => {
    const events = await collect(smallTrainer(tf, { config: config({ epochs: 1 }) }));
    expect(series(events, 'test/accuracy-training-form')).toEqual([]);
  });
});
