import { describe, expect, it } from 'vitest';
import { lower } from '#shared/export/passes/lower.ts';
import { packPlane } from '#shared/export/plan/encoding.ts';
import { placeBuffers } from '#shared/export/plan/memory.ts';
import { planGraph } from '#shared/export/plan/plan.ts';
import { DEFAULT_PLAN, OBJECTIVES, type PlanOptions } from '#shared/export/plan/options.ts';
import { ARENA_ALIGNMENT, stepKernels, type Place, type Step } from '#shared/export/plan/types.ts';
import { smallNetwork } from '#test/support/firmware.ts';
import { Draw, randomTrainedGraph } from '#test/support/graphs.ts';

describe('the memory plan', () => {
  it('never lets two buffers that live at the same time overlap', () => {
    const draw = new Draw(3, 'buffers');
    for (let round = 0; round < 200; round++) {
      const wanted = Array.from({ length: draw.int(1, 20) }, (_, i) => {
        const from = draw.int(0, 10);
        return { id: `b${i}`, bytes: draw.int(1, 500), from, to: from + draw.int(0, 4) };
      });
      const { buffers, arenaBytes } = placeBuffers(wanted);
      for (const [i, a] of buffers.entries()) {
        expect(a.offset % ARENA_ALIGNMENT).toBe(0);
        expect(a.offset + a.bytes).toBeLessThanOrEqual(arenaBytes);
        for (const b of buffers.slice(i + 1)) {
          if (a.to < b.from || b.to < a.from) continue;
          expect(
            a.offset + a.bytes <= b.offset || b.offset + b.bytes <= a.offset,
            `${a.id} and ${b.id}`,
          ).toBe(true);
        }
      }
    }
  });

  it('shares bytes between buffers that never live together', () => {
    const { arenaBytes } = placeBuffers([
      { id: 'a', bytes: 160, from: 0, to: 1 },
      { id: 'b', bytes: 160, from: 2, to: 3 },
    ]);
    expect(arenaBytes).toBe(160);
  });
});

/** Channels of both maps of the small network that are not dead. */
const CHANNELS = 6;
const REFERENCE: PlanOptions = { ...DEFAULT_PLAN, kernels: 'reference' };
const SPEED: PlanOptions = { ...DEFAULT_PLAN, objective: 'speed' };

describe('planGraph with the plain kernels', () => {
  it('fuses convolution, pooling and thresholds, and never stores the sums of all filters', () => {
    const plan = planGraph(lower(smallNetwork()), REFERENCE);
    expect(plan.layers.map((layer) => [layer.id, layer.kind, layer.kernel])).toEqual([
      ['act1', 'conv2d + max-pool + threshold', 'bs_conv2d_planes_u8'],
      ['act2', 'conv2d + threshold', 'bs_conv2d_planes_s8'],
      ['dense1', 'dense', 'bs_dense_planes_s8'],
      ['logits', 'affine', 'bs_affine_s32'],
    ]);
    const bytes = new Map(plan.buffers.map((buffer) => [buffer.id, buffer.bytes]));
    expect(bytes.get('act1 plane')).toBe(14 * 14 * 4);
    // A border of one pixel for the convolution that follows. Dead channels are gone.
    expect(bytes.get('act1')).toBe(9 * 9 * CHANNELS);
    expect(bytes.get('act2')).toBe(7 * 7 * CHANNELS);
  });

  it('computes all levels of a convolution filter by filter, and stores none of their sums', () => {
    const levels = smallNetwork();
    const nodes = levels.nodes.map((node) => {
      if (node.kind !== 'conv2d') return node;
      const [level] = node.weights.levels;
      const codes = level?.codes ?? new Int8Array();
      const two = [0.3, 0.7].map((scale, i) => ({
        codes: codes.map((code) => (code === 1 - 2 * i ? code : 0)),
        scale: Float32Array.of(scale),
      }));
      return { ...node, weights: { levels: two } };
    });
    const plan = planGraph(lower({ ...levels, nodes }), REFERENCE);
    expect(plan.layers.map((layer) => [layer.id, layer.kind, layer.kernel])).toEqual([
      ['act1', 'conv2d + combine + max-pool + threshold', 'bs_conv2d_levels_planes_u8'],
      ['act2', 'conv2d + combine + threshold', 'bs_conv2d_levels_planes_s8'],
      ['dense1', 'dense', 'bs_dense_planes_s8'],
      ['logits', 'affine', 'bs_affine_s32'],
    ]);
    expect(plan.layers[0]?.nodes).toEqual(['conv1.level0', 'conv1.level1', 'pool1.sum', 'pool1', 'act1']);
    expect(plan.layers[0]?.macs).toBe(2 * 14 * 14 * 9 * CHANNELS);
    const bytes = new Map(plan.buffers.map((buffer) => [buffer.id, buffer.bytes]));
    // The sum and one level, and one frame of the padded input for both.
    expect(bytes.get('act1 plane')).toBe(2 * 14 * 14 * 4);
    expect([...bytes.keys()].filter((id) => id.endsWith('frame'))).toEqual(['conv1.level0 frame']);
  });

  it('refuses a window that the kernels’ offsets cannot span', () => {
    const graph = lower(smallNetwork());
    const nodes = graph.nodes.map((node) =>
      node.id === 'conv2' && node.kind === 'conv2d' ? { ...node, dilation: [2000, 1] as const } : node,
    );
    expect(() => planGraph({ ...graph, nodes }, REFERENCE)).toThrow(/layer conv2 .*65,536/);
  });
});

describe('planGraph with the fast kernels', () => {
  it('keeps codes in planes from kernel to kernel, pools them there, and reads raw bytes two by two', () => {
    const { steps } = planGraph(lower(smallNetwork()), SPEED);
    expect(steps.map((step) => [step.id, stepKernels(step).join(' ')])).toEqual([
      ['act1 unpooled', 'bs_conv2d_swar_u8'],
      ['act1', 'bs_max_pool_pairs_sliced'],
      ['act2', 'bs_conv2d_sliced'],
      ['act2 vector', 'bs_flatten_sliced'],
      ['dense1', 'bs_dense_sliced'],
      ['logits', 'bs_affine_s32'],
    ]);
  });

  it('stores ternary codes in two bits each', () => {
    const plan = planGraph(lower(smallNetwork()), SPEED);
    const bytes = new Map(plan.buffers.map((buffer) => [buffer.id, buffer.bytes]));
    expect(bytes.get('act1 unpooled')).toBe(CHANNELS * 2 * 7 * 4);
    expect(bytes.get('act1')).toBe(CHANNELS * 2 * 2 * 4);
    expect(bytes.get('act2 vector')).toBe(2 * Math.ceil((7 * 7 * CHANNELS) / 32) * 4);
  });

  it('gives a small network the plain kernels: the code of others would outweigh it', () => {
    const kernels = (objective: PlanOptions['objective']) =>
      planGraph(lower(smallNetwork()), { ...DEFAULT_PLAN, objective }).steps.flatMap(stepKernels);
    expect(kernels('flash').some((name) => name.includes('sliced'))).toBe(false);
    expect(kernels('speed').some((name) => name.includes('sliced'))).toBe(true);
  });

  it('uses the packing that is asked for, and shows what all of them cost', () => {
    const graph = lower(smallNetwork());
    const plan = planGraph(graph, { ...SPEED, packing: { act2: 'base3' } });
    const layer = plan.layers.find(({ id }) => id === 'act2');
    expect(layer?.packing).toBe('base3');
    expect(layer?.weightBytes).toBe(Math.ceil((CHANNELS * 9 * CHANNELS) / 5));
    expect(layer?.alternatives.map(({ packing }) => packing)).toEqual([
      'steps',
      'delta',
      'masks',
      'bitmap',
      'base3',
    ]);
    const masks = layer?.alternatives.find(({ packing }) => packing === 'masks');
    expect(masks?.weightBytes).toBe(2 * Math.ceil((CHANNELS * 9 * CHANNELS) / 8));
  });

  it('refuses a packing that does not fit, or a layer that has none, and names what is allowed', () => {
    const graph = lower(smallNetwork());
    expect(() => planGraph(graph, { ...SPEED, packing: { act2: 'bits' } })).toThrow(
      /packing of act2: bits does not fit its weights; allowed: .*base3/,
    );
    expect(() => planGraph(graph, { ...SPEED, packing: { act9: 'delta' } })).toThrow(
      /packing of act9: no layer of that name .* allowed: .*act2/,
    );
  });

  it.each(OBJECTIVES)('keeps every buffer alive from its writer to its last reader (%s)', (objective) => {
    for (let seed = 0; seed < 60; seed++) {
      const plan = planGraph(lower(randomTrainedGraph(seed)), { ...DEFAULT_PLAN, objective });
      const life = new Map(plan.buffers.map((buffer) => [buffer.id, buffer]));
      const written = new Set(['input']);
      plan.steps.forEach((step, index) => {
        for (const { buffer } of inputsOf(step)) {
          expect(written.has(buffer), `seed ${seed}: step ${index} reads ${buffer}`).toBe(true);
          if (buffer === 'input') continue;
          expect(life.get(buffer)?.to, `seed ${seed}: ${buffer}`).toBeGreaterThanOrEqual(index);
        }
        if (!('to' in step)) return;
        const { from, to } = life.get(step.to.buffer) ?? { from: NaN, to: NaN };
        expect(index >= from && index <= to, `seed ${seed}: ${step.to.buffer}`).toBe(true);
        written.add(step.to.buffer);
      });
    }
  });
});

/** What a step reads, besides its scratch. */
function inputsOf(step: Step): readonly Place[] {
  switch (step.kind) {
    case 'conv2d-levels':
      return step.levels.map(({ from }) => from);
    case 'conv2d-totals':
      return step.windows.map(({ from }) => from);
    case 'conv2d-sliced':
      return step.skip ? [step.from, step.skip] : [step.from];
    case 'add':
    case 'combine':
    case 'affine':
    case 'join':
      return step.from;
    default:
      return [step.from];
  }
}

describe('packPlane', () => {
  it('sets bit k & 31 of word k >> 5 of the filter’s row', () => {
    const codes = new Int8Array(2 * 40);
    codes[0] = 1;
    codes[39] = 1;
    codes[40 + 31] = 1;
    codes[40 + 32] = -1;
    const plane = packPlane({ filters: 2, taps: 40, codes }, (code) => code > 0);
    expect([...plane]).toEqual([1, 0x80, 0x80000000, 0]);
  });
});
