import { describe, expect, it } from 'vitest';
import {
  cellAfterKey,
  cellAt,
  cellsInView,
  cellUnder,
  gridLayout,
} from '#renderer/components/image/grid-layout.ts';
import { createPageCache } from '#renderer/components/image/page-cache.ts';
import {
  bytesText,
  fromBase64,
  pictureShape,
  positionsOf,
  shapeText,
  sizeOnDisk,
  writeRgba,
} from '#renderer/components/image/pixels.ts';

describe('pixels', () => {
  it('become RGBA: gray, colour, and the first channel of anything else', () => {
    const rgba = (bytes: number[], channels: number) => {
      const out = new Uint8ClampedArray(8);
      writeRgba(Uint8Array.from(bytes), 0, [1, 2, channels], out);
      return [...out];
    };
    expect(rgba([10, 20], 1)).toEqual([10, 10, 10, 255, 20, 20, 20, 255]);
    expect(rgba([1, 2, 3, 4, 5, 6], 3)).toEqual([1, 2, 3, 255, 4, 5, 6, 255]);
    expect(rgba([1, 2, 3, 4], 2)).toEqual([1, 1, 1, 255, 3, 3, 3, 255]);
  });
  it('of sound are drawn with time to the right and the first feature at the bottom', () => {
    const shape = pictureShape([2, 3, 1], null, { features: 'log-mel' });
    const out = new Uint8ClampedArray(3 * 2 * 4);
    // Two frames of three features.
    writeRgba(Uint8Array.from([1, 2, 3, 4, 5, 6]), 0, shape, out);
    expect(Array.from({ length: 6 }, (_, i) => out[4 * i])).toEqual([3, 6, 2, 5, 1, 4]);
    expect(pictureShape([2, 3, 1], null)).toEqual([2, 3, 1]);
    expect(shapeText([49, 40, 1], null, { features: 'log-mel' })).toBe('49 frames of 40 bands');
    expect(shapeText([49, 10, 1], null, { features: 'mfcc' })).toBe('49 frames of 10 coefficients');
  });
  it('are written into a part of a larger picture', () => {
    const out = new Uint8ClampedArray(4 * 4 * 2);
    writeRgba(Uint8Array.from([9, 1, 2]), 1, [2, 1, 1], out, 8, 16);
    expect([...out.subarray(8, 12)]).toEqual([1, 1, 1, 255]);
    expect([...out.subarray(24, 28)]).toEqual([2, 2, 2, 255]);
    expect([...out.subarray(0, 8)]).toEqual(Array(8).fill(0));
  });
  it('survive base64', () => {
    const bytes = Uint8Array.from({ length: 256 }, (_, i) => i);
    expect(fromBase64(Buffer.from(bytes).toString('base64'))).toEqual(bytes);
  });
  it('are printed row by row, one channel at a time', () => {
    const image = Uint8Array.from([0, 100, 255, 1, 7, 2]);
    expect(bytesText(image, [2, 3, 1], 0)).toBe('  0 100 255\n  1   7   2');
    expect(bytesText(image, [1, 3, 2], 1)).toBe('100   1   2');
  });
  it('are found by their label', () => {
    const labels = Uint8Array.from([2, 0, 2, 1]);
    expect([...positionsOf(labels, 2)]).toEqual([0, 2]);
    expect([...positionsOf(labels, 5)]).toEqual([]);
    expect([...positionsOf(labels, null)]).toEqual([0, 1, 2, 3]);
  });
  it('have a size and a shape in words', () => {
    expect(sizeOnDisk({ shape: [2, 3, 3], train: 4, test: 1 })).toBe(5 * 19);
    expect([shapeText([28, 28, 1]), shapeText([2, 3, 3]), shapeText([2, 3, 5])]).toEqual([
      '28 × 28, gray',
      '2 × 3, colour',
      '2 × 3, 5 channels',
    ]);
  });
});

describe('the grid of samples', () => {
  const layout = gridLayout(60_000, 1000, 40, false);
  it('finds every cell where it put it, and none between or beside them', () => {
    for (const position of [0, 1, 21, 22, 31_415, 59_999]) {
      const { x, y } = cellAt(layout, position);
      expect(cellUnder(layout, 60_000, x + 1, y + 1)).toBe(position);
    }
    expect(cellUnder(layout, 60_000, 0, 100)).toBeNull();
    expect(cellUnder(layout, 60_000, 999, 100)).toBeNull();
    expect(cellUnder(layout, 10, cellAt(layout, 10).x + 1, cellAt(layout, 10).y + 1)).toBeNull();
  });
  it('covers what is on screen wherever it is scrolled to', () => {
    for (const scrolled of [0, 17, 5_000, layout.height - 600]) {
      const { first, end } = cellsInView(layout, 60_000, scrolled, 600);
      expect(cellAt(layout, first).y).toBeLessThanOrEqual(Math.max(4, scrolled));
      if (end < 60_000) expect(cellAt(layout, end).y).toBeGreaterThanOrEqual(scrolled + 600);
      expect(end - first).toBeLessThanOrEqual(layout.columns * (600 / layout.stepY + 2));
    }
  });
  it('is walked by keys, and never left', () => {
    const go = (key: string, from: number) => cellAfterKey(key, from, 95, 10, 4);
    expect([go('ArrowRight', 3), go('ArrowLeft', 0), go('ArrowRight', 94)]).toEqual([4, 0, 94]);
    expect([go('ArrowDown', 3), go('ArrowDown', 88), go('ArrowUp', 3)]).toEqual([13, 88, 3]);
    expect([go('PageDown', 0), go('PageUp', 5), go('Home', 50), go('End', 50)]).toEqual([30, 0, 0, 94]);
    expect(go('x', 3)).toBeUndefined();
  });
  it('has one column where the window is narrower than a picture', () => {
    expect(gridLayout(3, 20, 128, true)).toMatchObject({ columns: 1, rows: 3 });
  });
});

describe('createPageCache', () => {
  function setup(capacity = 3, parallel = 2) {
    const asked: number[] = [];
    const answers = new Map<number, (error?: Error) => void>();
    const errors: unknown[] = [];
    const cache = createPageCache<string>({
      load: (page) => {
        asked.push(page);
        return new Promise((resolve, reject) =>
          answers.set(page, (error) => (error ? reject(error) : resolve(`page ${page}`))),
        );
      },
      onChange: (error) => errors.push(error),
      capacity,
      parallel,
    });
    const answer = async (page: number, error?: Error) => {
      answers.get(page)?.(error);
      await new Promise((resolve) => setTimeout(resolve));
    };
    return { cache, asked, answer, errors };
  }

  it('loads what is wanted, most urgent first, and drops what was scrolled past', async () => {
    const { cache, asked, answer } = setup();
    cache.want([0, 1, 2, 3]);
    expect(asked).toEqual([0, 1]);
    cache.want([70, 71]);
    await answer(0);
    expect(asked).toEqual([0, 1, 70]);
    expect(cache.get(0)).toBe('page 0');
    await answer(1);
    await answer(70);
    await answer(71);
    expect(asked).toEqual([0, 1, 70, 71]);
  });
  it('asks for no page twice, and forgets the one that was used longest ago', async () => {
    const { cache, asked, answer } = setup(2);
    for (const page of [0, 1]) {
      cache.want([page]);
      await answer(page);
    }
    cache.get(0);
    cache.want([2]);
    await answer(2);
    expect([cache.get(0), cache.get(1), cache.get(2)]).toEqual(['page 0', undefined, 'page 2']);
    cache.want([0, 2]);
    expect(asked).toEqual([0, 1, 2]);
  });
  it('tells of a failure once and tries again when asked', async () => {
    const { cache, asked, answer, errors } = setup();
    cache.want([5]);
    await answer(5, new Error('lost'));
    cache.want([5]);
    expect(asked).toEqual([5]);
    expect(errors).toEqual([new Error('lost')]);
    cache.retry();
    expect(asked).toEqual([5, 5]);
    await answer(5);
    expect(cache.get(5)).toBe('page 5');
  });
  it('is quiet after it was closed', async () => {
    const { cache, answer, errors, asked } = setup();
    cache.want([0, 1, 2]);
    cache.close();
    await answer(0);
    expect(errors).toEqual([]);
    expect(asked).toEqual([0, 1]);
  });
});
