import { beforeAll, describe, expect, it } from 'vitest';
import type { Tensor } from '#shared/base/tensorflow.ts';
import { METHODS, activationMethod, weightMethod, type MethodChoice } from '#shared/quant/registry.ts';
import type { MethodContext } from '#shared/quant/types.ts';
import {
  CONV,
  activationChoice,
  incomingFor,
  kernelOf,
  maskFor,
  noiseFor,
  startedLayer,
  weightChoice,
} from '#test/support/quant-forms.ts';
import { TEST_BACKENDS, tf } from '#test/support/tensorflow.ts';

/** What a method records on the back end does not depend on any value: no branch, no size that follows the data. */

beforeAll(() => TEST_BACKENDS[1]?.activate());

/** Names and shapes of the kernels that run, in order. */
async function kernelLog(run: () => Tensor | Tensor[]): Promise<string[]> {
  const { kernels } = await tf.profile(() => {
    tf.dispose(tf.tidy(run));
    return tf.scalar(0);
  });
  return kernels.map(({ name, inputShapes, outputShapes }) =>
    JSON.stringify([name, inputShapes, outputShapes]),
  );
}

/** Forward, backward, penalty and what follows the optimizer's step, for one kernel. */
function weightStep(
  choice: MethodChoice,
  kernel: Float32Array,
  mask: Float32Array | undefined,
  draw: number,
) {
  const { form } = weightMethod(choice);
  const started = startedLayer(choice, CONV, kernel, mask);
  const specs = form.variables?.(CONV, choice) ?? [];
  const shapes = { ...Object.fromEntries(specs.map(({ name, shape }) => [name, shape])), mask: CONV.shape };
  const variables = Object.fromEntries(
    Object.entries(started.variables).map(([name, values]) => [
      name,
      tf.tensor(values, [...(shapes[name as 'mask'] ?? [])]),
    ]),
  );
  const w = tf.tensor(started.kernel, [...CONV.shape]);
  const noise = tf.tensor(noiseFor(kernel.length, draw), [...CONV.shape]);
  const dy = tf.tensor(incomingFor(kernel.length, draw), [...CONV.shape]);
  const trained = specs.filter(({ trainable }) => trainable).map(({ name }) => name);
  const run = () => {
    const context: MethodContext = {
      tf,
      variables,
      update: () => undefined,
      ...(form.noise?.(choice) ? { noise } : {}),
    };
    const gradients = tf.grads((x: Tensor, ...rest: Tensor[]) => {
      const own = { ...variables, ...Object.fromEntries(trained.map((name, i) => [name, rest[i]])) };
      const all = { ...context, variables: own as Record<string, Tensor> };
      const value = tf.sum(tf.mul(form.quantize(x, CONV, choice, all), dy));
      const penalty = form.regularize?.(x, CONV, choice, all);
      return penalty ? tf.add(value, penalty) : value;
    })([w, ...trained.map((name) => variables[name] as Tensor)]);
    const settled = form.settle?.(tf.sub(w, gradients[0] as Tensor), w, CONV, choice, context);
    return settled ? [...gradients, settled] : gradients;
  };
  return { run, dispose: () => tf.dispose([w, noise, dy, variables]) };
}

const count = CONV.shape.reduce((product, size) => product * size, 1);
const KERNELS = {
  normal: kernelOf(CONV),
  small: kernelOf(CONV, 8, 1e-4),
  zeros: new Float32Array(count),
  equal: new Float32Array(count).fill(0.3),
};

const WEIGHT_CASES: readonly (readonly [string, Record<string, unknown>])[] = [
  ...METHODS.filter(({ weights }) => weights).map(({ card }) => [card.id, {}] as const),
  ['ttq', { rule: 'sparsity' }],
  ['tga', { scale: 'repo' }],
  ['tot-net', { gradient: 'repo-cifar' }],
  ['multi-level-ternary', { levels: 3, threshold: 'nearest', scales: 'joint', nestedSupport: true }],
  ['multi-level-ternary', { threshold: 'trained', scales: 'trained' }],
  ['binary-connect', { mode: 'stochastic' }],
  ['dorefa', { bits: 4, stopGradientAtMax: false }],
  ['gxnor', { states: 6 }],
];

describe('weights', () => {
  it.each(WEIGHT_CASES)('%s %j: a step records the same kernels each time', async (id, parameters) => {
    const choice = weightChoice(id, parameters);
    for (const masks of [
      [undefined, undefined, undefined, undefined],
      [maskFor(count), maskFor(count, 0.1, 9), new Float32Array(count), new Float32Array(count).fill(1)],
    ]) {
      const logs: string[][] = [];
      let draw = 1;
      for (const kernel of Object.values(KERNELS)) {
        const { run, dispose } = weightStep(choice, kernel, masks[draw - 1], draw);
        logs.push(await kernelLog(run));
        dispose();
        draw++;
      }
      expect(logs[0]?.length).toBeGreaterThan(0);
      for (const log of logs.slice(1)) expect(log).toEqual(logs[0]);
    }
  });
});

const ACTIVATION_CASES: readonly (readonly [string, Record<string, unknown>])[] = [
  ...METHODS.filter(({ activations }) => activations).map(({ card }) => [card.id, {}] as const),
  ['tot-net', { statistics: 'running', left: 'elish', right: 'hard-tanh' }],
  ['multi-level-ternary', { threshold: 'mean', scales: 'mean' }],
  ['multi-level-ternary', { threshold: 'trained' }],
  ['tbn', { variant: 'tbn-v2' }],
  ['dorefa', { gradientBits: 4 }],
  ['int8', { scheme: 'affine', relu: false }],
  ['gxnor', { states: 4, window: 'triangular' }],
];

describe('activations', () => {
  it.each(ACTIVATION_CASES)('%s %j: a step records the same kernels each time', async (id, parameters) => {
    const choice = activationChoice(id, parameters);
    const { form } = activationMethod(choice);
    const shape = [4, 3, 3, 2];
    const size = 72;
    const specs = form.variables?.(choice) ?? [];
    const logs: string[][] = [];
    for (const [input, seed] of [
      [incomingFor(size, 1), 1],
      [incomingFor(size, 2).map((x) => 30 * x - 5), 2],
      [new Array<number>(size).fill(0), 3],
    ] as const) {
      const calibrated = form.calibrate?.(Float32Array.from(input), choice) ?? {};
      const variables = Object.fromEntries(
        specs.map(({ name, shape: extents, initial }) => {
          const start = tf.fill([...extents], initial.kind === 'constant' ? initial.value : 0);
          const own = calibrated[name];
          if (!own) return [name, start];
          start.dispose();
          return [name, tf.tensor(own, [...extents])];
        }),
      );
      const x = tf.tensor([...input], shape);
      const noise = tf.tensor(noiseFor(size, seed), shape);
      const context: MethodContext = {
        tf,
        variables,
        update: () => undefined,
        ...(form.noise?.(choice) ? { noise } : {}),
      };
      logs.push(
        await kernelLog(() =>
          tf.grad((v: Tensor) => tf.sum(tf.square(form.quantize(v, choice, context))))(x),
        ),
      );
      tf.dispose([x, noise, variables]);
    }
    expect(logs[0]?.length).toBeGreaterThan(0);
    for (const log of logs.slice(1)) expect(log).toEqual(logs[0]);
  });
});
