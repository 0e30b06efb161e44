import { describe, expect, it } from 'vitest';
import { selectionOf } from '#renderer/pages/schedules/field-focus.ts';
import {
  timeScale,
  timeTicks,
  valueRange,
  valueScale,
  valueTicks,
} from '#renderer/pages/schedules/scales.ts';
import { clampView } from '#renderer/pages/schedules/use-view.ts';
import { keysOf } from '#shared/base/json-document.ts';

describe('scales', () => {
  it('go from epochs to pixels and back', () => {
    const time = timeScale(2, 7, 600);
    expect(time.epoch(time.x(3.3))).toBeCloseTo(3.3, 12);
    expect(time.x(2)).toBeGreaterThan(0);
    expect(time.x(7)).toBeLessThan(600);
  });
  it.each([true, false])('go from values to pixels and back (logarithmic: %s)', (log) => {
    const scale = valueScale(valueRange([0.005, 1e-5], log, 0), log, 150);
    expect(scale.value(scale.y(0.0007))).toBeCloseTo(0.0007, 12);
    expect(scale.y(0.005)).toBeGreaterThanOrEqual(10 - 1e-9);
    expect(scale.y(1e-5)).toBeLessThanOrEqual(140 + 1e-9);
    for (const tick of valueTicks(scale, 150)) expect(scale.y(tick)).toBeGreaterThanOrEqual(9.9);
  });
  it('have round ticks that do not touch', () => {
    for (const epochs of [1, 5, 90, 10_000]) {
      const time = timeScale(0, epochs, 600);
      const ticks = timeTicks(time);
      expect(ticks.length).toBeGreaterThan(2);
      expect(time.x(ticks[1] ?? 0) - time.x(ticks[0] ?? 0)).toBeGreaterThan(45);
    }
  });
  it('show a curve that is zero all the time', () => {
    expect(valueRange([0, 0], false, 0)[1]).toBeGreaterThan(0);
    expect(valueRange([1e-3, 1e-3], true, 0)).toEqual([1e-3, 1e-2]);
  });
});

describe('clampView', () => {
  it('stays within the run, however it is zoomed and panned', () => {
    expect(clampView([-3, 2], 10)).toEqual([0, 5]);
    expect(clampView([8, 14], 10)).toEqual([4, 10]);
    expect(clampView([-50, 50], 10)).toEqual([0, 10]);
    expect(clampView([5, 5], 10)).toEqual([5, 5.01]);
  });
});

describe('selectionOf', () => {
  it.each([
    ['learningRate.final', { kind: 'schedule', quantity: 'learningRate', phase: null }],
    ['phases[1].sparsity.end', { kind: 'schedule', quantity: 'sparsity', phase: 1 }],
    ['phases[1].epochs', { kind: 'phase', index: 1 }],
    ['pruning.rounds.levels[2]', { kind: 'schedule', quantity: 'sparsity', phase: null }],
    ['pruning.layers.conv1', { kind: 'schedule', quantity: 'sparsity', phase: null, layer: 'conv1' }],
    ['freeze.quantizer', { kind: 'freeze' }],
    ['batchSize', null],
  ])('%s', (path, selection) => expect(selectionOf(keysOf(path))).toEqual(selection));
});
