import { beforeAll, describe, expect, it } from 'vitest';
import type { Tensor } from '#shared/base/tensorflow.ts';
import { lossTensor } from '#shared/train/losses/index.ts';
import {
  optimizerScalars,
  slotNames,
  updateTensors,
  type Optimizer,
} from '#shared/train/optimizers/index.ts';
import { TEST_BACKENDS, tf } from '#test/support/tensorflow.ts';

beforeAll(() => TEST_BACKENDS[1]?.activate());

/** The same rules in plain double precision, one number at a time. */
function reference(optimizer: Optimizer, w: number, gradients: number[], rate: number): number {
  let [m, v] = [0, 0];
  gradients.forEach((gradient, step) => {
    let g = gradient;
    if (optimizer.kind === 'sgd') {
      g += optimizer.weightDecay * w;
      m = optimizer.momentum * m + g;
      const plain = optimizer.momentum === 0 ? g : m;
      w -= rate * (optimizer.nesterov ? g + optimizer.momentum * m : plain);
      return;
    }
    const before = w;
    if (optimizer.kind === 'adam') g += optimizer.weightDecay * w;
    m = optimizer.beta1 * m + (1 - optimizer.beta1) * g;
    v = optimizer.beta2 * v + (1 - optimizer.beta2) * g * g;
    const mHat = m / (1 - optimizer.beta1 ** (step + 1));
    const vHat = v / (1 - optimizer.beta2 ** (step + 1));
    w -= (rate * mHat) / (Math.sqrt(vHat) + optimizer.epsilon);
    if (optimizer.kind === 'adamw') w -= rate * optimizer.weightDecay * before;
  });
  return w;
}

const OPTIMIZERS: [string, Optimizer][] = [
  ['SGD', { kind: 'sgd', momentum: 0, nesterov: false, weightDecay: 0 }],
  ['SGD with momentum and decay', { kind: 'sgd', momentum: 0.9, nesterov: false, weightDecay: 0.01 }],
  ['Nesterov', { kind: 'sgd', momentum: 0.8, nesterov: true, weightDecay: 0 }],
  ['Adam', { kind: 'adam', beta1: 0.9, beta2: 0.999, epsilon: 1e-8, weightDecay: 0 }],
  ['Adam with L2', { kind: 'adam', beta1: 0.8, beta2: 0.99, epsilon: 1e-3, weightDecay: 0.1 }],
  ['AdamW', { kind: 'adamw', beta1: 0.9, beta2: 0.999, epsilon: 1e-8, weightDecay: 0.05 }],
];

describe.each(OPTIMIZERS)('%s', (_name, optimizer) => {
  it('follows its equations over five steps', async () => {
    const gradients = [0.3, -1.2, 0.05, 2, -0.4];
    let value: Tensor = tf.tensor1d([0.7, -0.2]);
    let slots: Record<string, Tensor> = Object.fromEntries(
      slotNames(optimizer).map((name) => [name, tf.zeros([2])]),
    );
    gradients.forEach((gradient, step) => {
      const scalars = Object.fromEntries(
        Object.entries(optimizerScalars(optimizer, 0.02, step)).map(([name, number]) => [
          name,
          tf.scalar(number),
        ]),
      );
      const next = updateTensors(tf, optimizer, {
        value,
        gradient: tf.tensor1d([gradient, -gradient]),
        slots,
        scalars,
        decay: true,
      });
      [value, slots] = [next.value, next.slots];
    });
    const got = await value.data();
    expect(got[0]).toBeCloseTo(reference(optimizer, 0.7, gradients, 0.02), 5);
    expect(got[1]).toBeCloseTo(
      reference(
        optimizer,
        -0.2,
        gradients.map((g) => -g),
        0.02,
      ),
      5,
    );
  });
});

describe('losses', () => {
  const logits = [
    [2, -1, 0.5],
    [0, 0, 0],
  ];
  const targets = [
    [0, 0, 1],
    [1, 0, 0],
  ];

  async function lossAndGradient(loss: Parameters<typeof lossTensor>[1]) {
    const { value, grad } = tf.tidy(() =>
      tf.valueAndGrad((y: Tensor) => lossTensor(tf, loss, y, tf.tensor2d(targets)))(tf.tensor2d(logits)),
    );
    return { value: (await value.data())[0] ?? NaN, gradient: [...(await grad.data())] };
  }

  function numericGradient(f: (y: number[][]) => number): number[] {
    return logits.flatMap((row, i) =>
      row.map((_, j) => {
        const shifted = (by: number) =>
          logits.map((r, a) => r.map((x, b) => (a === i && b === j ? x + by : x)));
        return (f(shifted(1e-5)) - f(shifted(-1e-5))) / 2e-5;
      }),
    );
  }

  it.each([0, 0.1])('softmax cross-entropy with label smoothing %d', async (labelSmoothing) => {
    const plain = (y: number[][]) =>
      y.reduce((sum, row, i) => {
        const total = row.reduce((s, x) => s + Math.exp(x), 0);
        return (
          sum -
          row.reduce((s, x, j) => {
            const t = (targets[i]?.[j] ?? 0) * (1 - labelSmoothing) + labelSmoothing / 3;
            return s + t * Math.log(Math.exp(x) / total);
          }, 0)
        );
      }, 0) / 2;
    const { value, gradient } = await lossAndGradient({ kind: 'softmax-cross-entropy', labelSmoothing });
    expect(value).toBeCloseTo(plain(logits), 5);
    numericGradient(plain).forEach((g, i) => expect(gradient[i]).toBeCloseTo(g, 4));
  });

  it('softmax cross-entropy is finite for huge logits', async () => {
    const loss = tf.tidy(() =>
      lossTensor(
        tf,
        { kind: 'softmax-cross-entropy', labelSmoothing: 0 },
        tf.tensor2d([[1e4, -1e4]]),
        tf.tensor2d([[0, 1]]),
      ),
    );
    expect((await loss.data())[0]).toBeCloseTo(2e4, 0);
  });

  it('squared hinge', async () => {
    const plain = (y: number[][]) =>
      y
        .flatMap((row, i) => row.map((x, j) => Math.max(0, 1 - (2 * (targets[i]?.[j] ?? 0) - 1) * x) ** 2))
        .reduce((s, x) => s + x, 0) / 6;
    const { value, gradient } = await lossAndGradient({ kind: 'squared-hinge' });
    expect(value).toBeCloseTo(plain(logits), 5);
    numericGradient(plain).forEach((g, i) => expect(gradient[i]).toBeCloseTo(g, 3));
  });
});
