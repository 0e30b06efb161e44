import { describe, expect, it } from 'vitest';
import { RandomStream } from '#shared/base/random.ts';
import { NO_COLUMNS, type Columns, type Session } from '#shared/run/compare/columns.ts';
import { CurveAnswerSchema, CurveRequestSchema } from '#shared/run/compare/curves.ts';
import { drawCurves, type CurveSource } from '#shared/run/compare/draw-curves.ts';
import type { z } from 'zod';

const columns = (value: number[], step = value.map((_, i) => i + 1)): Columns => ({
  step,
  epoch: step.map((each) => each / 10),
  time: step.map((each) => each * 2),
  value,
});
const source = (
  runs: Record<string, Record<string, Columns>>,
  sessions: Record<string, Session[]> = {},
): CurveSource => ({
  columns: (run, series) => runs[run]?.[series] ?? NO_COLUMNS,
  sessions: (run) => sessions[run] ?? [],
});
const ask = (from: CurveSource, request: Partial<z.input<typeof CurveRequestSchema>>) =>
  CurveAnswerSchema.parse(
    drawCurves(
      CurveRequestSchema.parse({ lines: [{ id: 'a', series: 'loss', runs: ['a'] }], ...request }),
      from,
    ),
  );

describe('one run', () => {
  const random = new RandomStream(3, 'curve');
  const long = Array.from({ length: 20_000 }, (_, i) => Math.exp(-i / 5000) + 0.01 * random.nextNormal());
  long[12_345] = 50;
  long[12_346] = -50;
  const host = source({ a: { loss: columns(long) } });

  it('is thinned so that both ends, spikes up and down, and the true extremes stay', () => {
    const { curves, thinned, extent } = ask(host, { buckets: 300 });
    const [curve] = curves;
    expect(thinned).toBe(true);
    expect(curve?.x.length).toBeLessThanOrEqual(901);
    expect(curve?.y).toContain(50);
    expect(curve?.y).toContain(-50);
    expect([curve?.x[0], curve?.x.at(-1)]).toEqual([1, 20_000]);
    expect(curve).toMatchObject({ points: 20_000, min: -50, max: 50, last: long.at(-1), raw: null });
    expect(extent).toEqual({ from: 1, to: 20_000, positive: 1 });
  });

  it('is exact, point by point, where few are visible, with one beyond on both sides', () => {
    const { curves, thinned, extent } = ask(host, { from: 500, to: 700, buckets: 300 });
    expect(thinned).toBe(false);
    expect(curves[0]?.x).toEqual(Array.from({ length: 203 }, (_, i) => 499 + i));
    expect(curves[0]?.y).toEqual(long.slice(498, 701));
    expect(extent).toMatchObject({ from: 1, to: 20_000 });
  });

  it('is smoothed over all of its points, whatever is visible, with the raw curve behind it', () => {
    const smoothing = { kind: 'ema', weight: 0.9 } as const;
    const near = ask(host, { smoothing, from: 600, to: 610 }).curves[0];
    const wide = ask(host, { smoothing, from: 500, to: 700 }).curves[0];
    expect(near?.raw).toEqual(long.slice(598, 610 + 1));
    near?.x.forEach((x, i) => expect(near.y[i]).toBe(wide?.y[wide.x.indexOf(x)]));
  });

  it('says where nearly all points lie, and how many do not, when it is asked', () => {
    const { focus } = ask(host, { focus: true });
    expect(focus!.high).toBeLessThan(2);
    const outside = long.filter((value) => value < focus!.low || value > focus!.high).length;
    expect(focus!.outside).toBe(outside);
    expect(outside).toBeLessThanOrEqual(0.04 * long.length);
    expect(ask(host, {}).focus).toBeNull();
  });

  it('that is unknown, or has no such series, has no points', () => {
    const { curves, extent } = ask(source({}), {});
    expect(curves[0]).toMatchObject({ x: [], y: [], points: 0, last: null });
    expect(extent).toBeNull();
  });
});

describe('the x axis', () => {
  const values = [5, 4, 3, 2];
  const host = (sessions: Session[] = []) =>
    source({ a: { loss: columns(values), rate: columns([0.1, 0.3], [1, 3]) } }, { a: sessions });
  const x = (request: Parameters<typeof ask>[1], sessions?: Session[]) =>
    ask(host(sessions), request).curves[0]?.x;

  it('is step, epoch or seconds of training', () => {
    expect(x({})).toEqual([1, 2, 3, 4]);
    expect(x({ x: 'epoch' })).toEqual([0.1, 0.2, 0.3, 0.4]);
    expect(x({ x: 'process' })).toEqual([2, 4, 6, 8]);
  });

  it('is time with its pauses, since the start and by the clock', () => {
    // Two steps, an hour of pause, two more steps.
    const sessions = [
      { step: 0, elapsed: 0, at: 1_000_000 },
      { step: 2, elapsed: 4, at: 4_604_000 },
    ];
    expect(x({ x: 'wall' }, sessions)).toEqual([2, 4, 3606, 3608]);
    expect(x({ x: 'clock' }, sessions)).toEqual([1_002_000, 1_004_000, 4_606_000, 4_608_000]);
  });

  it('never runs backwards where a clock was set back', () => {
    const sessions = [
      { step: 0, elapsed: 0, at: 10_000_000 },
      { step: 2, elapsed: 4, at: 9_000_000 },
    ];
    expect(x({ x: 'wall' }, sessions)).toEqual([2, 4, 4, 4]);
  });

  it('is another metric: its last value at or before each step', () => {
    const { curves } = ask(host(), { x: 'metric', metric: 'rate' });
    expect(curves[0]?.x).toEqual([0.1, 0.1, 0.3, 0.3]);
    expect(curves[0]?.y).toEqual(values);
  });

  it('of a metric that goes to and fro keeps the order of training and both extremes', () => {
    const n = 30_000;
    const wave = Array.from({ length: n }, (_, i) => Math.sin(i / 300));
    wave[777] = 9;
    const loss = Array.from({ length: n }, (_, i) => i);
    const both = source({ a: { loss: columns(loss), wave: columns(wave) } });
    const { curves, thinned } = ask(both, { x: 'metric', metric: 'wave', buckets: 100 });
    expect(thinned).toBe(true);
    expect(curves[0]?.x).toContain(9);
    expect(curves[0]?.y).toEqual((curves[0]?.y as number[]).toSorted((a, b) => a - b));
  });
});

describe('several runs as one line', () => {
  const seeds = source({
    a: { loss: columns([1, 2, 3]) },
    b: { loss: columns([3, 2, 7]) },
    c: { loss: columns([2, 8]) },
  });
  const together = (runs: string[], request: Parameters<typeof ask>[1]) =>
    ask(seeds, { lines: [{ id: 'g', series: 'loss', runs }], ...request }).curves[0];

  it('is their mean or median, point by point, with a band', () => {
    expect(together(['a', 'b', 'c'], { band: 'min-max' })).toMatchObject({
      x: [1, 2, 3],
      y: [2, 4, 5],
      low: [1, 2, 3],
      high: [3, 8, 7],
      runs: 3,
    });
    expect(together(['a', 'b', 'c'], { centre: 'median' })).toMatchObject({ y: [2, 2, 5], low: null });
  });

  it('has no band where a single value is left', () => {
    const curve = together(['a', 'c'], { band: 'sd' });
    expect(curve?.y).toEqual([1.5, 5, 3]);
    expect(curve?.high?.[2]).toBeNull();
    expect(curve?.high?.[0]).toBeCloseTo(1.5 + Math.SQRT1_2, 12);
  });

  it('of runs that were logged at different steps takes what lies between their points', () => {
    const host = source({
      a: { loss: columns([0, 10], [1, 11]) },
      b: { loss: columns([4, 4, 4], [1, 6, 11]) },
    });
    const [curve] = ask(host, { lines: [{ id: 'g', series: 'loss', runs: ['a', 'b'] }] }).curves;
    expect(curve?.x).toEqual([1, 6, 11]);
    expect(curve?.y).toEqual([2, 4.5, 7]);
  });

  it('leaves out a run that has no such series, and does not mind one alone', () => {
    expect(together(['a', 'gone'], { band: 'ci95' })).toMatchObject({ y: [1, 2, 3], runs: 1 });
  });

  it('keeps a spike of one seed in the band of many points', () => {
    const n = 20_000;
    const flat = Array.from({ length: n }, () => 1);
    const spiky = flat.with(9_876, 100);
    const host = source({ a: { loss: columns(flat) }, b: { loss: columns(spiky) } });
    const lines = [{ id: 'g', series: 'loss', runs: ['a', 'b'] }];
    const [curve] = ask(host, { lines, band: 'min-max', buckets: 100 }).curves;
    expect(curve?.high).toContain(100);
    expect(curve?.y).toContain(50.5);
    expect(curve!.x.length).toBeLessThan(1000);
  });
});
