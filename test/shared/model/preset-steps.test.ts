import { beforeAll, describe, expect, it } from 'vitest';
import type { SampleShape } from '#shared/model/presets/types.ts';
import { initialValues, networkVariables } from '#shared/model/variables.ts';
import { parseRunConfig, resolveRun } from '#shared/run/config.ts';
import { trainingStep } from '#shared/train/step.ts';
import { TEST_BACKENDS, tf } from '#test/support/tensorflow.ts';

/** Small networks that CI can train a step of: samples, options. */
const TRAINED: [string, SampleShape, object][] = [
  ['nin', [8, 8, 3], { dropout: 0 }],
  ['cnv', [32, 32, 3], {}],
  ['rebnet-mnist', [9, 9, 1], {}],
  ['resnet20', [12, 11, 3], {}],
  ['resnet20', [12, 11, 3], { stream: 'pre-activation', zeros: 'around' }],
  ['resnet20', [12, 11, 3], { stream: 'real', shortcut: 'B' }],
  ['resnet8', [10, 10, 3], {}],
  ['ds-cnn', [20, 10, 1], { firstDropout: 0, dropout: 0 }],
  ['mobilenet-v1', [32, 32, 3], { width: 0.25 }],
  ['alexnet-cifar', [16, 16, 3], { widths: [8, 8, 16, 16, 8], units: 32 }],
];

describe('one training step', () => {
  beforeAll(() => TEST_BACKENDS[1]?.activate());

  it.each(TRAINED)('%s on %j %o: finite loss, every kernel moves', async (id, shape, options) => {
    const classes = 3;
    const config = parseRunConfig({
      dataset: { name: 'usual' },
      model: { preset: id, ...options },
      quantization: {
        weights: { method: 'twn' },
        activations: { method: 'lsq', bits: 4 },
        lastLayer: { weights: { method: 'int8' }, activations: { method: 'int8' } },
      },
      training: { optimizer: { kind: 'sgd' } },
    });
    const labels = Array.from({ length: classes }, String);
    const model = resolveRun(config, { name: 'usual', shape, classes: labels });
    const variables = networkVariables(model);
    const values = initialValues(model, 1);
    const state = Object.fromEntries(
      variables.map(({ name, shape: extent }) => [name, tf.keep(tf.tensor(values[name] ?? [], [...extent]))]),
    );
    const slots = Object.fromEntries(
      variables.flatMap(({ name, shape: extent, trainable }) =>
        trainable ? [[`momentum:${name}`, tf.keep(tf.zeros([...extent]))]] : [],
      ),
    );
    const x = tf.randomNormal([2, ...shape], 0, 1, 'float32', 5);
    const targets = tf.oneHot(tf.tensor1d([0, 2], 'int32'), classes);
    const scalars = { learningRate: tf.scalar(0.1) };
    const result = trainingStep(
      tf,
      { model, variables, loss: config.training.loss, optimizer: config.training.optimizer },
      { x, targets: tf.cast(targets, 'float32'), scalars, noise: {} },
      { ...state, ...slots },
    );
    expect(Number.isFinite((await result.loss.data())[0])).toBe(true);
    for (const { name, short } of variables) {
      const after = await result.state[name]?.data();
      expect(after?.every(Number.isFinite), name).toBe(true);
      if (short === 'kernel') expect([...(after ?? [])], name).not.toEqual([...(values[name] ?? [])]);
    }
    tf.dispose([x, targets, scalars, state, slots, result.state, result.loss, result.correct]);
  });
});
