import { describe, expect, it } from 'vitest';
import { configDiff } from '#shared/run/compare/config-diff.ts';

const differing = (configs: unknown[]): string[] =>
  configDiff(configs)
    .filter(({ differs }) => differs)
    .map(({ path }) => path);

describe('configurations side by side', () => {
  it('flatten to one row per leaf', () => {
    expect(configDiff([{ a: { b: 1, c: [1, 2] }, d: null }])).toEqual([
      { path: 'a.b', values: [1], differs: false },
      { path: 'a.c[0]', values: [1], differs: false },
      { path: 'a.c[1]', values: [2], differs: false },
      { path: 'd', values: [null], differs: false },
    ]);
  });

  it('differ in a value, in its type, and in a field that one lacks', () => {
    expect(
      differing([
        { a: 1, b: 1, c: 1 },
        { a: 2, b: '1', c: 1 },
      ]),
    ).toEqual(['a', 'b']);
    expect(configDiff([{ a: null }, {}])).toEqual([{ path: 'a', values: [null, null], differs: true }]);
    expect(differing([{ a: {} }, { a: { b: 1 } }])).toEqual(['a.b', 'a']);
    expect(differing([{ a: [] }, { a: [] }])).toEqual([]);
  });

  it('meet by the id of a layer, not by its place', () => {
    const conv = { id: 'conv', filters: 8 };
    const dense = { id: 'dense', units: 10 };
    const extra = { id: 'extra', units: 5 };
    expect(
      configDiff([{ layers: [conv, dense] }, { layers: [conv, extra, { ...dense, units: 20 }] }]),
    ).toEqual([
      {
        path: 'layers[].id',
        values: [
          ['conv', 'dense'],
          ['conv', 'extra', 'dense'],
        ],
        differs: true,
      },
      { path: 'layers[conv].filters', values: [8, 8], differs: false },
      { path: 'layers[extra].units', values: [null, 5], differs: true },
      { path: 'layers[dense].units', values: [10, 20], differs: true },
    ]);
  });

  it('see that layers changed places', () => {
    const [a, b] = [
      { id: 'a', x: 1 },
      { id: 'b', x: 2 },
    ];
    expect(differing([{ layers: [a, b] }, { layers: [b, a] }])).toEqual(['layers[].id']);
  });

  it('go by index where ids are missing or not unique', () => {
    const items = [
      { id: 'a', x: 1 },
      { id: 'a', x: 2 },
    ];
    expect(configDiff([{ items }]).map(({ path }) => path)).toEqual([
      'items[0].id',
      'items[0].x',
      'items[1].id',
      'items[1].x',
    ]);
  });

  it('hold any number of configurations, in the order of the first', () => {
    const rows = configDiff([
      { z: 1, a: 1 },
      { a: 1, z: 1 },
      { a: 1, new: 1, z: 2 },
    ]);
    expect(rows.map(({ path, differs }) => [path, differs])).toEqual([
      ['z', true],
      ['a', false],
      ['new', true],
    ]);
    expect(configDiff([])).toEqual([]);
  });
});
