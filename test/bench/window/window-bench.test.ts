import { existsSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { findChromium } from '#test/support/chromium.ts';
import { comparison } from './measurements/comparison.ts';
import { benchReport, figureRows, isMet } from './report.ts';
import { median, quantile, worst } from './statistics.ts';
import { sizeOf, type BenchOptions } from './types.ts';

const built = process.env.BITSMITH_WINDOW ?? 'out/renderer';
const missing = !findChromium()
  ? ' (skipped: no Chromium; apt install chromium)'
  : !existsSync(`${built}/index.html`)
    ? ' (skipped: the window is not built; npm run build)'
    : '';
const options: BenchOptions = { quick: true, minutes: 1, repeats: 1, built };

describe('the benchmark of the window', () => {
  it('takes the middle, a share and the worst of what was seen', () => {
    const frames = [17, 300, 16, 18, 33];
    expect([median(frames), quantile(frames, 0.8), worst(frames)]).toEqual([18, 300, 300]);
    expect(median([])).toBeNaN();
  });

  it('says of each goal whether it is met, and of a failed reading that it is not', () => {
    const figure = { what: 'worst frame', unit: 'ms' as const, goal: 100 };
    expect(figureRows([{ ...figure, value: 99.7 }])).toEqual([['worst frame', '100 ms', '< 100 ms', 'met']]);
    expect(isMet({ ...figure, value: 100 })).toBe(false);
    expect(isMet({ ...figure, value: NaN })).toBe(false);
    expect(isMet({ what: 'median', unit: 'ms', value: 5 })).toBeNull();
  });

  it('writes what was measured on which machine, that it was not alone, and keeps the rest', () => {
    const figures = [{ what: 'opened', value: 1234, unit: 'ms' as const, goal: 1000 }];
    const machine = { cores: 2, processor: 'Test', browser: 'Chromium 1', note: 'Not alone.' };
    const before = '# Old\n\n## Live metrics\n\n| memory | 5 MB | < 6 MB | met |\n\n## Gone\n\nnothing\n';
    const order = ['Comparison', 'Live metrics'];
    const text = benchReport([{ measurement: comparison, figures }], { machine, options, order, before });
    expect(text).toContain('| opened | 1,234 ms | < 1,000 ms | NOT MET |');
    expect(text).toMatch(/on 2 cores \(Test\)\. Not alone\./);
    expect(text).toMatch(/1 of\s2 goals are met/);
    expect(text.match(/^## .*/gm)).toEqual(['## Comparison', '## Live metrics']);
  });

  it.skipIf(missing)(`opens, zooms and pans a comparison on a real host${missing}`, async () => {
    const figures = await comparison.measure(sizeOf(options), options);
    expect(figures.map(({ what }) => what)).toContain('panning, worst frame');
    for (const { what, value } of figures) expect(value, what).toBeGreaterThanOrEqual(0);
  });
});
