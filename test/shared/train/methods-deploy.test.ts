import { beforeAll, describe, expect, it } from 'vitest';
import { lower } from '#shared/export/passes/lower.ts';
import { argMax, interpret } from '#shared/verify/interpret.ts';
import { TEST_BACKENDS } from '#test/support/tensorflow.ts';
import {
  deployments,
  evaluateSamples,
  FLOATING_POINT,
  methodsOf,
  testSamples,
  trainMethod,
  type Side,
  type TrainedNetwork,
} from '#test/support/trained-methods.ts';

/** Every method, from training to integers: lowering and training's own evaluation agree on every image. */

const samples = testSamples();

async function agree({ graph, accuracy }: TrainedNetwork): Promise<void> {
  const integers = lower(graph);
  const output = integers.nodes.at(-1);
  const exponent = output?.kind === 'affine' ? output.exponent : NaN;
  const evaluated = await evaluateSamples(graph, samples);
  let correct = 0;
  samples.forEach(({ image, label }, i) => {
    const logits = interpret(integers, image);
    // What training evaluates is the firmware's integer, as a float32 number.
    const expected = Array.from(logits, (logit) => Math.fround(logit) * 2 ** -exponent);
    expect(evaluated[i], `sample ${i}`).toEqual(expected);
    expect(argMax(logits), `sample ${i}`).toBe(argMax(evaluated[i] ?? []));
    if (argMax(logits) === label) correct++;
  });
  expect(correct / samples.length).toBeCloseTo(accuracy, 10);
}

describe('from training to integers: pruned weights', () => {
  beforeAll(() => TEST_BACKENDS[1]?.activate());

  it.each(methodsOf('weights').filter((id) => !FLOATING_POINT.includes(id)))('by %s', async (id) => {
    const trained = await trainMethod('weights', id, 'plain', true);
    const conv = trained.graph.nodes.find((node) => node.id === 'conv2');
    const levels = conv?.kind === 'conv2d' ? conv.weights.levels : [];
    const zeros = levels[0]?.codes.filter((_, i) => levels.every(({ codes }) => codes[i] === 0));
    // Half of the weights have code 0 in every level, whatever the method's own codes are.
    expect((zeros?.length ?? 0) / (levels[0]?.codes.length ?? NaN)).toBeGreaterThanOrEqual(0.45);
    await agree(trained);
  });
});

describe.each(['weights', 'activations'] as const)('from training to integers: %s', (side: Side) => {
  beforeAll(() => TEST_BACKENDS[1]?.activate());

  it.each(deployments(side))('by $id in the network "$network"', async ({ id, network }) =>
    agree(await trainMethod(side, id, network)),
  );

  it('refuses floating point with what to choose instead', async () => {
    const { graph } = await trainMethod(side, 'full-precision', 'plain');
    const reason = {
      weights: /layer conv1 .*floating-point numbers; choose a weight method/,
      activations: /layer act1 .*floating point; choose an activation method/,
    };
    expect(() => lower(graph)).toThrow(reason[side]);
  });
});
