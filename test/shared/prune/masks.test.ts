import { describe, expect, it } from 'vitest';
import { RandomStream } from '#shared/base/random.ts';
import { quantizedImportance } from '#shared/prune/importance.ts';
import { computeMasks, maskedShare, type PrunableLayer } from '#shared/prune/masks.ts';
import {
  convShape,
  denseShape,
  depthwiseShape,
  normalKernel,
  openCount,
  prunable,
  pruning,
  sizeOf,
} from './kernels.ts';

function maskOf(layers: PrunableLayer[], over: Record<string, unknown> = {}, id = 'layer'): number[] {
  return Array.from(computeMasks(layers, pruning(over)).get(id) ?? []);
}

describe('single weights', () => {
  const shape = denseShape(4, 2);
  const kernel = [0.1, -0.8, 0.3, 0, -0.2, 0.5, 0.9, -0.05];

  it('the largest magnitudes stay, whatever their sign', () => {
    expect(maskOf([prunable(shape, kernel)])).toEqual([0, 1, 1, 0, 0, 1, 1, 0]);
  });

  it.each([
    [0, 8],
    [0.1, 7],
    [0.3, 6],
    [0.5, 4],
    [0.9, 1],
    [0.9999, 1],
  ])('sparsity %f leaves max(round(8 · (1 − s)), 1) = %i', (sparsity, kept) => {
    expect(openCount(maskOf([prunable(shape, kernel, { sparsity })]))).toBe(kept);
  });

  it('equal ones go by index, spread over the kernel and always the same', () => {
    const even = prunable(denseShape(64, 16), new Float32Array(1024).fill(0.5), { sparsity: 0.75 });
    const mask = maskOf([even]);
    expect(openCount(mask)).toBe(256);
    expect(maskOf([even])).toEqual(mask);
    for (let quarter = 0; quarter < 4; quarter++) {
      expect(openCount(mask.slice(quarter * 256, quarter * 256 + 256))).toBeGreaterThan(60);
    }
  });

  it('a kernel that is not a number loses its finite weights only', () => {
    const mask = maskOf([prunable(denseShape(2, 2), [NaN, 0.1, Infinity, -0.2])]);
    expect(mask).toEqual([1, 0, 1, 0]);
  });

  it('agrees with an independent ranking on random kernels', () => {
    const random = new RandomStream(3, 'masks');
    for (let trial = 0; trial < 40; trial++) {
      const form = denseShape(1 + random.nextBelow(30), 1 + random.nextBelow(12));
      const sparsity = random.nextUniform() * 0.99;
      const layer = prunable(form, normalKernel(form, trial), { sparsity });
      const kept = Math.max(Math.round(sizeOf(form) * (1 - sparsity)), 1);
      const threshold = [...layer.kernel].map(Math.abs).sort((a, b) => b - a)[kept - 1] ?? 0;
      expect(maskOf([layer])).toEqual([...layer.kernel].map((w) => (Math.abs(w) >= threshold ? 1 : 0)));
    }
  });
});

describe('masks over time', () => {
  const shape = denseShape(4, 1);

  it('regrown: what has grown comes back', () => {
    const mask = Float32Array.of(0, 0, 1, 1);
    expect(maskOf([prunable(shape, [0.9, 0.1, 0.8, 0.2], { mask })])).toEqual([1, 0, 1, 0]);
  });

  it('frozen: what is masked stays masked, and counts', () => {
    const mask = Float32Array.of(0, 0, 1, 1);
    const layer = prunable(shape, [0.9, 0.1, 0.8, 0.2], { mask });
    expect(maskOf([layer], { masks: 'frozen' })).toEqual([0, 0, 1, 1]);
    expect(maskOf([{ ...layer, sparsity: 0.75 }], { masks: 'frozen' })).toEqual([0, 0, 1, 0]);
    expect(maskOf([{ ...layer, sparsity: 0.1 }], { masks: 'frozen' })).toEqual([0, 0, 1, 1]);
  });

  it.each(['weight', 'group', 'channel'] as const)('frozen masks only ever close, by %s', (granularity) => {
    for (const scope of ['layer', 'global'] as const) {
      const plan = { masks: 'frozen', granularity, scope, groupChannels: 2 };
      let layers = [convShape(3, 3, 4, 6), convShape(1, 1, 6, 8)].map((form, i) =>
        prunable(form, normalKernel(form, i), { id: `l${i}` }),
      );
      for (const [step, sparsity] of [0.2, 0.4, 0.4, 0.7, 0.9, 0.3].entries()) {
        const masks = computeMasks(
          layers.map((layer) => ({ ...layer, sparsity })),
          pruning(plan),
        );
        layers = layers.map((layer, i) => {
          const mask = masks.get(layer.id) ?? layer.mask;
          mask.forEach((open, w) => expect(open).toBeLessThanOrEqual(layer.mask[w] ?? 0));
          expect(openCount(mask)).toBeGreaterThan(0);
          return { ...layer, mask, kernel: normalKernel(layer.shape, 10 * step + i) };
        });
      }
    }
  });
});

describe('scope', () => {
  it('global: the smallest weights of all layers together, but each layer keeps its strongest', () => {
    const layers = [
      prunable(denseShape(2, 2), [1, 2, 3, 4], { id: 'strong' }),
      prunable(denseShape(2, 2), [0.1, 0.2, 0.4, 0.3], { id: 'weak' }),
    ];
    expect(maskOf(layers, { scope: 'layer' }, 'strong')).toEqual([0, 0, 1, 1]);
    expect(maskOf(layers, { scope: 'global' }, 'strong')).toEqual([0, 1, 1, 1]);
    expect(maskOf(layers, { scope: 'global' }, 'weak')).toEqual([0, 0, 1, 0]);
  });

  it('global: a layer with its own target neither takes part nor counts', () => {
    const layers = [
      prunable(denseShape(2, 2), [1, 2, 3, 4], { id: 'a' }),
      prunable(denseShape(2, 2), [0.1, 0.2, 0.4, 0.3], { id: 'own', ownSparsity: true, sparsity: 0.25 }),
    ];
    expect(maskOf(layers, { scope: 'global' }, 'a')).toEqual([0, 0, 1, 1]);
    expect(maskOf(layers, { scope: 'global' }, 'own')).toEqual([0, 1, 1, 1]);
  });

  it('global: units of unlike size count by their weights, to the nearest unit', () => {
    const shapes = [convShape(3, 3, 8, 16), convShape(1, 1, 16, 32), denseShape(40, 24)];
    const layers = shapes.map((shape, i) =>
      prunable(shape, normalKernel(shape, i), { id: `l${i}`, sparsity: 0.6 }),
    );
    const masks = computeMasks(layers, pruning({ scope: 'global', granularity: 'channel' }));
    expect(maskedShare(masks.values())).toBeCloseTo(0.6, 1);
  });
});

describe('large kernels', () => {
  it('are ranked exactly too, equal ones among them', () => {
    const shape = denseShape(200, 500);
    const discrete = normalKernel(shape, 2).map((w) => (Math.abs(w) > 0.6 ? Math.sign(w) : 0));
    const zeros = discrete.filter((w) => w === 0).length;
    const mask = maskOf([prunable(shape, discrete, { sparsity: 0.8 })]);
    expect(openCount(mask)).toBe(20_000);
    expect(zeros).toBeLessThan(80_000);
    expect(mask.filter((open, i) => open === 1 && discrete[i] === 0)).toEqual([]);
    // What goes of the equal ones is spread: each tenth of the kernel keeps about a tenth.
    for (let tenth = 0; tenth < 10; tenth++) {
      expect(openCount(mask.slice(tenth * 10_000, (tenth + 1) * 10_000)) / 2_000).toBeCloseTo(1, 0);
    }
  });
});

describe('structure', () => {
  it('group: one filter, so many input channels, every position', () => {
    const shape = convShape(2, 1, 4, 2); // rows of filters, channels, positions
    const kernel = new Float32Array(16).fill(0.1);
    for (const position of [0, 1]) for (const input of [2, 3]) kernel[(position * 4 + input) * 2 + 1] = 1;
    const mask = maskOf([prunable(shape, kernel, { sparsity: 0.75 })], {
      granularity: 'group',
      groupChannels: 2,
    });
    expect(mask).toEqual(Array.from(kernel, (w) => (w === 1 ? 1 : 0)));
  });

  it('group: a short last group ranks by its root mean square', () => {
    const layer = prunable(denseShape(3, 1), [0.5, 0.5, 0.6]);
    expect(maskOf([layer], { granularity: 'group', groupChannels: 2 })).toEqual([0, 0, 1]);
  });

  it('channel: the filters with the largest Euclidean norm', () => {
    const shape = convShape(1, 1, 2, 3);
    expect(
      maskOf([prunable(shape, [3, 1, 0, 4, 1, 4.5], { sparsity: 0.6 })], { granularity: 'channel' }),
    ).toEqual([1, 0, 0, 1, 0, 0]);
  });

  it('channel: a depthwise layer masks whole channels', () => {
    const shape = depthwiseShape(2, 1, 3);
    expect(
      maskOf([prunable(shape, [1, 5, 2, 1, 5, 2], { sparsity: 0.6 })], { granularity: 'channel' }),
    ).toEqual([0, 1, 0, 0, 1, 0]);
  });

  it('channel: coupled layers share their mask, by the norms of all', () => {
    const layers = [
      prunable(denseShape(1, 3), [3, 2, 1], { id: 'a', coupling: 'a', sparsity: 0.6 }),
      prunable(denseShape(1, 3), [0, 4, 1], { id: 'b', coupling: 'a', sparsity: 0.6 }),
    ];
    for (const id of ['a', 'b']) expect(maskOf(layers, { granularity: 'channel' }, id)).toEqual([0, 1, 0]);
  });

  it('channel: the importance of the quantized weights where it is given', () => {
    const shape = denseShape(2, 2);
    const importance = quantizedImportance(
      { levels: [{ codes: Int8Array.of(0, 1, 1, -1), scale: Float32Array.of(0.5) }] },
      shape,
    );
    expect([...importance]).toEqual([0.25, 0.5]);
    const layer = prunable(shape, [9, 1, 9, 1], { importance });
    expect(maskOf([layer], { granularity: 'channel', importance: 'quantized' })).toEqual([0, 1, 0, 1]);
  });
});

describe('the importance of quantized filters', () => {
  it('sums levels with their scales per filter, and takes floating-point weights as they are', () => {
    const shape = depthwiseShape(2, 1, 2);
    const levels = [
      { codes: Int8Array.of(1, 0, -1, 1), scale: Float32Array.of(2, 4) },
      { codes: Int8Array.of(1, 0, 0, 0), scale: Float32Array.of(0.5, 1) },
    ];
    expect([...quantizedImportance({ levels }, shape)]).toEqual([2.25, 2]);
    expect([...quantizedImportance({ levels: [], float: Float32Array.of(1, -2, 3, 0) }, shape)]).toEqual([
      2, 1,
    ]);
  });
});
