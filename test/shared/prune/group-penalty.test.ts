import { beforeAll, describe, expect, it } from 'vitest';
import { groupPenalty } from '#shared/prune/group-penalty.ts';
import type { Pruning } from '#shared/prune/config.ts';
import type { WeightShape } from '#shared/quant/types.ts';
import { TEST_BACKENDS, tf } from '#test/support/tensorflow.ts';
import { convShape, denseShape, depthwiseShape, normalKernel, pruning } from './kernels.ts';

const penalized = (granularity: 'group' | 'channel', over: Record<string, unknown> = {}) =>
  pruning({ granularity, groupChannels: 2, penalty: { strength: 0.25, clip: 1, ...over } });

/** λ Σ_g min(‖w_g‖, ρ · mean) and its gradient with the mean held still, group by group. */
function expected(kernel: Float32Array, { shape, filters, filterAxis }: WeightShape, plan: Pruning) {
  const inputs = filterAxis === shape.length - 1 ? (shape.at(-2) ?? 1) : 1;
  const perGroup = plan.granularity === 'channel' ? inputs : plan.groupChannels;
  const members = new Map<string, number[]>();
  kernel.forEach((_, i) => {
    const key = `${Math.floor((Math.floor(i / filters) % inputs) / perGroup)}/${i % filters}`;
    members.set(key, [...(members.get(key) ?? []), i]);
  });
  const groups = [...members.values()].map((indices) => ({
    indices,
    norm: Math.sqrt(indices.reduce((sum, i) => sum + (kernel[i] ?? 0) ** 2, 0)),
  }));
  const { strength, clip } = plan.penalty ?? { strength: 0, clip: 0 };
  const cap = (clip * groups.reduce((sum, { norm }) => sum + norm, 0)) / groups.length;
  const gradient = new Float32Array(kernel.length);
  for (const { indices, norm } of groups) {
    if (norm === 0 || norm > cap) continue;
    for (const i of indices) gradient[i] = (strength * (kernel[i] ?? 0)) / norm;
  }
  return { value: strength * groups.reduce((sum, { norm }) => sum + Math.min(norm, cap), 0), gradient };
}

const CASES: [string, WeightShape, Pruning][] = [
  ['groups of a convolution', convShape(3, 3, 4, 5), penalized('group')],
  ['groups with a short last one', convShape(2, 1, 5, 3), penalized('group')],
  ['groups of a dense layer', denseShape(7, 4), penalized('group')],
  ['channels of a convolution', convShape(3, 3, 4, 5), penalized('channel', { clip: 0.95 })],
  ['channels of a depthwise layer', depthwiseShape(3, 3, 6), penalized('channel')],
];

describe.each(TEST_BACKENDS)('the group penalty on $id', (backend) => {
  beforeAll(() => backend.activate());

  it.each(CASES)('%s: value and gradient', async (_title, shape, plan) => {
    const kernel = normalKernel(shape, 5);
    const wanted = expected(kernel, shape, plan);
    const [value, gradient] = tf.tidy(() => {
      const { value: penalty, grad } = tf.valueAndGrad((w) => groupPenalty(tf, w, shape, plan))(
        tf.tensor(kernel, [...shape.shape]),
      );
      return [penalty, grad];
    });
    expect(value?.shape).toEqual([]);
    expect((await value?.data())?.[0]).toBeCloseTo(wanted.value, 4);
    expect(gradient?.shape).toEqual([...shape.shape]);
    const slopes = await gradient?.data();
    wanted.gradient.forEach((slope, i) => expect(slopes?.[i]).toBeCloseTo(slope, 4));
    expect([...wanted.gradient].some((slope) => slope === 0)).toBe(true);
    expect([...wanted.gradient].some((slope) => slope !== 0)).toBe(true);
    tf.dispose([value ?? [], gradient ?? []]);
  });

  it('is flat and finite at norm zero', async () => {
    const shape = denseShape(4, 2);
    const gradient = tf.tidy(
      () =>
        tf.grad((w) => groupPenalty(tf, w, shape, penalized('channel')))(
          tf.tensor([0, 1, 0, 0, 0, 0, 0, 0], [4, 2]),
        ) as ReturnType<typeof tf.tensor>,
    );
    expect(Array.from(await gradient.data())).toEqual(new Array(8).fill(0));
    gradient.dispose();
  });

  it('scales with the incoming gradient', async () => {
    const shape = denseShape(2, 1);
    const plan = penalized('channel', { clip: 2 });
    const gradient = tf.tidy(() =>
      tf.grad((w) => tf.mul(3, groupPenalty(tf, w, shape, plan)))(tf.tensor([3, 4], [2, 1])),
    );
    const [a, b] = await gradient.data();
    expect(a).toBeCloseTo(3 * 0.25 * 0.6, 5);
    expect(b).toBeCloseTo(3 * 0.25 * 0.8, 5);
    gradient.dispose();
  });
});
