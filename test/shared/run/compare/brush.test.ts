import { describe, expect, it } from 'vitest';
import {
  axisOf,
  brushed,
  brushOf,
  isOpen,
  isWithin,
  placeOn,
  scaleFor,
  scalesFor,
  valueAt,
} from '#shared/run/compare/brush.ts';

describe('axes of parallel coordinates', () => {
  it('are lines of numbers, and categories as soon as one value is a word', () => {
    expect(scaleFor([1, 2, null])).toBe('linear');
    expect(scaleFor([1, 'auto'])).toBe('categories');
    expect(scaleFor([null])).toBe('categories');
    expect(scalesFor([0.1, 10])).toEqual(['linear', 'log', 'categories']);
    expect(scalesFor([0, 10])).toEqual(['linear', 'categories']);
    expect(axisOf([0, 10], 'log')).toEqual({ scale: 'linear', low: 0, high: 10 });
  });

  it('order numbers by size and words by the alphabet', () => {
    expect(axisOf([10, 9, 100], 'categories')).toEqual({
      scale: 'categories',
      categories: ['9', '10', '100'],
    });
    expect(axisOf(['twn', 'bnn', null, 'twn'], 'linear')).toEqual({
      scale: 'categories',
      categories: ['bnn', 'twn'],
    });
  });

  it('place values, and find the value of a place', () => {
    const linear = axisOf([10, 30], 'linear');
    expect(placeOn(linear, 15)).toBe(0.25);
    expect(valueAt(linear, 0.25)).toBe(15);
    const log = axisOf([1, 10_000], 'log');
    expect(placeOn(log, 100)).toBeCloseTo(0.5, 12);
    expect(valueAt(log, 0.25)).toBeCloseTo(10, 9);
    expect(valueAt(log, -1)).toBe(1);
    expect(placeOn(axisOf(['a', 'b'], 'categories'), 'b')).toBe(0.75);
    expect(placeOn(axisOf([7, 7], 'linear'), 7)).toBe(0.5);
    expect(placeOn(linear, null)).toBeNull();
    expect(placeOn(linear, 'word')).toBeNull();
  });
});

describe('brushes', () => {
  it('take a stretch of an axis in either direction', () => {
    expect(brushOf(axisOf([0, 10], 'linear'), 0.8, 0.2)).toEqual({ from: 2, to: 8 });
    expect(brushOf(axisOf(['a', 'b', 'c'], 'categories'), 0.4, 1)).toEqual({ values: ['b', 'c'] });
  });

  it('let pass what lies within all of them; a run without the value passes only where nothing is asked', () => {
    const columns = new Map([
      ['accuracy', [0.9, 0.95, null, 0.97]],
      ['method', ['twn', 'bnn', 'twn', 'twn']],
    ] as const);
    const pass = (...brushes: [string, Parameters<typeof isWithin>[1]][]) =>
      brushed(columns, new Map(brushes), 4);
    expect(pass()).toEqual([0, 1, 2, 3]);
    expect(pass(['accuracy', {}])).toEqual([0, 1, 2, 3]);
    expect(pass(['accuracy', { from: 0.95 }])).toEqual([1, 3]);
    expect(pass(['accuracy', { from: 0.9, to: 0.95 }])).toEqual([0, 1]);
    expect(pass(['accuracy', { from: 0.9 }], ['method', { values: ['twn'] }])).toEqual([0, 3]);
    expect(pass(['method', { values: [] }])).toEqual([]);
    expect(pass(['no such axis', { from: 0 }])).toEqual([]);
  });

  it('with both ends open hold nothing back', () => {
    expect(isOpen({})).toBe(true);
    expect(isOpen({ to: 0 })).toBe(false);
    expect(isOpen({ values: [] })).toBe(false);
    expect(isWithin('128', { from: 1 })).toBe(false);
    expect(isWithin(128, { values: ['128'] })).toBe(true);
  });
});
