import { describe, expect, it } from 'vitest';
import { lower } from '#shared/export/passes/lower.ts';
import { packPlane } from '#shared/export/plan/encoding.ts';
import { placeBuffers } from '#shared/export/plan/memory.ts';
import { planGraph } from '#shared/export/plan/plan.ts';
import { ARENA_ALIGNMENT } from '#shared/export/plan/types.ts';
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

describe('planGraph', () => {
  it('fuses convolution, pooling and thresholds, and never stores the sums of all filters', () => {
    const plan = planGraph(lower(smallNetwork()));
    expect(plan.layers.map((layer) => [layer.id, layer.kind, layer.kernel])).toEqual([
      ['act1', 'conv2d + max-pool + threshold', 'bs_conv2d_planes_u8'],
      ['act2', 'conv2d + threshold', 'bs_conv2d_planes_s8'],
      ['dense1', 'dense', 'bs_dense_planes_s8'],
      ['logits', 'affine', 'bs_affine_s32'],
    ]);
    const bytes = new Map(plan.buffers.map((buffer) => [buffer.id, buffer.bytes]));
    expect(bytes.get('act1 plane')).toBe(14 * 14 * 4);
    // A border of one pixel for the convolution that follows.
    expect(bytes.get('act1')).toBe(9 * 9 * 8);
    expect(bytes.get('act2')).toBe(7 * 7 * 12);
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
    const plan = planGraph(lower({ ...levels, nodes }));
    expect(plan.layers.map((layer) => [layer.id, layer.kind, layer.kernel])).toEqual([
      ['act1', 'conv2d + combine + max-pool + threshold', 'bs_conv2d_levels_planes_u8'],
      ['act2', 'conv2d + combine + threshold', 'bs_conv2d_levels_planes_s8'],
      ['dense1', 'dense', 'bs_dense_planes_s8'],
      ['logits', 'affine', 'bs_affine_s32'],
    ]);
    expect(plan.layers[0]?.nodes).toEqual(['conv1.level0', 'conv1.level1', 'pool1.sum', 'pool1', 'act1']);
    expect(plan.layers[0]?.macs).toBe(2 * 14 * 14 * 9 * 8);
    const bytes = new Map(plan.buffers.map((buffer) => [buffer.id, buffer.bytes]));
    // The sum and one level, and one frame of the padded input for both.
    expect(bytes.get('act1 plane')).toBe(2 * 14 * 14 * 4);
    expect([...bytes.keys()].filter((id) => id.endsWith('frame'))).toEqual(['conv1.level0 frame']);
  });

  it('keeps every buffer alive from its writer to its last reader', () => {
    for (let seed = 0; seed < 100; seed++) {
      const plan = planGraph(lower(randomTrainedGraph(seed)));
      const life = new Map(plan.buffers.map((buffer) => [buffer.id, buffer]));
      plan.steps.forEach((step, index) => {
        const levels = step.kind === 'conv2d-levels' ? step.levels.map((level) => level.from) : [];
        const from = [...('from' in step ? [step.from].flat() : []), ...levels];
        const places = [...from, ...('to' in step ? [step.to] : [])];
        for (const { buffer } of places) {
          if (buffer === 'input') continue;
          const { from: first, to: last } = life.get(buffer) ?? { from: NaN, to: NaN };
          expect(index >= first && index <= last, `seed ${seed}: ${buffer} in step ${index}`).toBe(true);
        }
      });
    }
  });

  it('refuses a window that the kernels’ offsets cannot span', () => {
    const graph = lower(smallNetwork());
    const nodes = graph.nodes.map((node) =>
      node.id === 'conv2' && node.kind === 'conv2d' ? { ...node, dilation: [2000, 1] as const } : node,
    );
    expect(() => planGraph({ ...graph, nodes })).toThrow(/layer conv2 .*65,536/);
  });
});

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
