import { describe, expect, it } from 'vitest';
import { RandomStream } from '#shared/base/random.ts';
import type { Bundle, BundlePlan, VerifyResult, VerifyRow } from '#shared/contract/api/export.ts';
import { DEFAULT_PLAN, OBJECTIVES as PLANNED, PlanOptionsSchema } from '#shared/export/plan/options.ts';
import { compareReports } from '#shared/export/report/compare.ts';
import { withVerification } from '#shared/export/report/build-report.ts';
import { TARGETS } from '#shared/export/targets/index.ts';
import { boardsOf, fitOf, ownBoard } from '#renderer/pages/export/boards.ts';
import { DEFAULT_KERNELS, DEFAULT_OBJECTIVE, KERNELS, OBJECTIVES } from '#renderer/pages/export/choices.ts';
import { comparisonTables, vectorsSentence } from '#renderer/pages/export/comparison-tables.ts';
import { estimateShares, totalEstimate, type Layer } from '#renderer/pages/export/layer-rows.ts';
import { arenaRows, flashSegments, ramSegments, spoken } from '#renderer/pages/export/memory-map.ts';
import {
  AUTOMATIC,
  choosePacking,
  hasChoice,
  packingItems,
  packingProblem,
} from '#renderer/pages/export/packings.ts';
import { reportFacts, reportTables, stackSentence } from '#renderer/pages/export/report-tables.ts';
import {
  countedCores,
  ratioToEstimate,
  samplesSentence,
  verifyLayerRows,
} from '#renderer/pages/export/verify-layers.ts';
import { fakeSizes } from '#test/support/fake-firmware.ts';
import { SAMPLE_SIZES, sampleReport } from '#test/support/sample-report.ts';

const layer = (change: Partial<Layer> = {}): Layer => ({
  id: 'conv1',
  kind: 'conv2d',
  shape: [4, 4, 8],
  kernel: 'bs_conv2d_sliced',
  packing: 'delta',
  weightBytes: 300,
  macs: 1000,
  nonzeros: 90,
  estimate: 5000,
  alternatives: [
    { packing: 'delta', weightBytes: 300, estimate: 5000 },
    { packing: 'base3', weightBytes: 120, estimate: 6400 },
  ],
  ...change,
});

describe('the options of an export', () => {
  it('are those of the planner, with its defaults', () => {
    expect(Object.keys(OBJECTIVES).toSorted()).toEqual([...PLANNED].toSorted());
    expect(Object.keys(KERNELS).toSorted()).toEqual(
      PlanOptionsSchema.shape.kernels.unwrap().options.toSorted(),
    );
    expect({ kernels: DEFAULT_KERNELS, objective: DEFAULT_OBJECTIVE, packing: {} }).toEqual(DEFAULT_PLAN);
  });
});

describe('the packings of a layer', () => {
  it('are offered with both costs, the planner’s choice first', () => {
    const [automatic, ...offered] = packingItems(layer(), undefined);
    expect(automatic).toEqual({
      value: AUTOMATIC,
      label: 'Automatic: delta',
      costs: '300 B of flash, ≈ 5,000 instructions',
    });
    expect(offered.map(({ value }) => value)).toEqual(['delta', 'base3']);
    expect(offered[1]?.costs).toBe('120 B of flash, ≈ 6,400 instructions');
  });
  it('do not pass the costs of what was asked for off as the planner’s', () => {
    expect(packingItems(layer({ packing: 'base3' }), 'base3')[0]?.costs).not.toMatch(/\d/);
  });
  it('keep what was asked for in sight when it is no longer offered', () => {
    const items = packingItems(layer({ alternatives: [] }), 'masks');
    expect(items.map(({ value }) => value)).toEqual([AUTOMATIC, 'masks']);
    expect(hasChoice(layer({ alternatives: [] }), 'masks')).toBe(true);
    expect(hasChoice(layer({ alternatives: [] }), undefined)).toBe(false);
  });
  it('are chosen and given back to the planner', () => {
    const one = choosePacking({}, 'conv1', 'base3');
    const two = choosePacking(one, 'conv2', 'masks');
    expect(two).toEqual({ conv1: 'base3', conv2: 'masks' });
    expect(choosePacking(two, 'conv1', AUTOMATIC)).toEqual({ conv2: 'masks' });
    expect(choosePacking({}, 'conv1', 'no such packing')).toEqual({});
  });
  it('show the planner’s error at the layer that it is about', () => {
    const asked = { act: 'steps', act2: 'bits' } as const;
    let error;
    try {
      fakeSizes('lenet-small', { ...DEFAULT_PLAN, packing: { act2: 'bits' } }, true);
    } catch (failure) {
      error = failure as Error & { code: 'invalid-input' };
    }
    if (!error) throw new Error('the planner took a packing that does not fit');
    const problem = packingProblem({ code: error.code, message: error.message }, asked);
    expect(problem?.layer).toBe('act2');
    expect(problem?.message).toMatch(/^bits does not fit its weights; allowed: /);
    expect(packingProblem({ code: 'io', message: 'packing of act: no' }, asked)).toBeUndefined();
    expect(packingProblem({ code: 'invalid-input', message: 'packing of other: no' }, asked)).toBeUndefined();
    expect(packingProblem(null, asked)).toBeUndefined();
  });
});

describe('the layers of a plan', () => {
  it('share the estimate', () => {
    const layers = [layer(), layer({ estimate: 15_000 }), layer({ estimate: 0, macs: 0 })];
    expect(totalEstimate(layers)).toBe(20_000);
    expect(estimateShares(layers)).toEqual([0.25, 0.75, 0]);
  });
  it('have no total where a layer that multiplies has no estimate', () => {
    expect(totalEstimate([layer(), layer({ estimate: null })])).toBeNull();
    expect(totalEstimate([layer(), layer({ estimate: null, macs: 0 })])).toBe(5000);
    expect(estimateShares([layer({ estimate: null })])).toEqual([null]);
  });
});

describe('the memory map', () => {
  const sizes = fakeSizes('lenet-small', DEFAULT_PLAN, true);
  const sum = (parts: readonly { bytes: number }[]) => parts.reduce((total, { bytes }) => total + bytes, 0);

  it('adds up to what the linker says, or to tables and arena', () => {
    expect(sum(flashSegments(sizes))).toBe(sizes.flashBytes);
    expect(sum(ramSegments(sizes))).toBe(sizes.ramBytes);
    const planned = { ...sizes, flashBytes: null, ramBytes: null };
    expect(sum(flashSegments(planned))).toBe(sizes.weightBytes);
    expect(sum(ramSegments(planned))).toBe(sizes.arenaBytes);
  });

  it('counts every byte of the arena once, layer by layer', () => {
    const random = new RandomStream(3, 'arena');
    const int = (limit: number) => Math.floor(random.nextUniform() * limit);
    for (let round = 0; round < 40; round++) {
      const layers = Array.from({ length: 4 }, (_, i) => ({ id: `l${i}` }));
      const arena: BundlePlan['arena'] = Array.from({ length: 6 }, (_, i) => {
        const from = int(4);
        return {
          id: i < 4 ? `l${i}` : `s${i}`,
          offset: int(40),
          bytes: 1 + int(30),
          from,
          to: from + int(4 - from),
        };
      });
      for (const [at, row] of arenaRows(arena, layers).entries()) {
        const used = new Set<number>();
        for (const { offset, bytes, from, to } of arena) {
          if (from <= at && at <= to) for (let i = 0; i < bytes; i++) used.add(offset + i);
        }
        expect(row.inUse).toBe(used.size);
        expect(row.value + row.kept + row.scratch).toBe(used.size);
      }
    }
  });

  it('tells values from what a layer needs only while it runs', () => {
    const arena = [
      { id: 'a', offset: 0, bytes: 10, from: 0, to: 1 },
      { id: 'a list', offset: 10, bytes: 6, from: 0, to: 0 },
      { id: 'b', offset: 16, bytes: 4, from: 1, to: 1 },
    ];
    const [first, second] = arenaRows(arena, [{ id: 'a' }, { id: 'b' }]);
    expect(first).toMatchObject({ value: 10, kept: 0, scratch: 6 });
    expect(second).toMatchObject({ value: 4, kept: 10, scratch: 0 });
  });

  it('says in words what the bar shows', () => {
    expect(
      spoken(
        'RAM',
        [
          { name: 'arena', bytes: 8 },
          { name: 'rest', bytes: 2 },
        ],
        (n) => `${n} B`,
      ),
    ).toBe('RAM: arena 8 B, rest 2 B');
  });
});

describe('the boards that a bundle has to fit into', () => {
  it('are the emulated ones, the truest first, and none for a computer', () => {
    for (const { id, machine, exactMachine } of TARGETS) {
      const expected = [exactMachine?.id, machine?.id].filter((one) => one !== undefined);
      expect(boardsOf(id).map((board) => board.id)).toEqual(expected);
    }
    expect(boardsOf('host')).toEqual([]);
    expect(boardsOf('cortex-m0')[0]).toMatchObject({ flash: 256 * 1024, ram: 16 * 1024, shared: false });
  });
  it('can be one’s own, of positive sizes', () => {
    expect(ownBoard(64, 7.5)).toMatchObject({ flash: 65_536, ram: 7_680 });
    for (const wrong of [0, -1, Number.NaN, Infinity, 'many', undefined]) {
      expect(ownBoard(wrong, 8)).toBeUndefined();
      expect(ownBoard(8, wrong)).toBeUndefined();
    }
  });
  it('hold a bundle to the last byte', () => {
    expect(fitOf(1024, 1024)).toEqual({ used: 1024, room: 1024, share: 1, fits: true });
    expect(fitOf(1025, 1024).fits).toBe(false);
  });
});

describe('the layers of a verification', () => {
  const row = (core: string, change: Partial<VerifyRow> = {}): VerifyRow => ({
    core,
    runner: 'qemu',
    ran: true,
    reason: null,
    matched: 10,
    total: 10,
    firstMismatch: null,
    accuracy: null,
    instructionsPerInference: null,
    layers: [],
    flashBytes: null,
    ramBytes: null,
    ...change,
  });
  const counted = [
    { id: 'conv1', instructions: 6000 },
    { id: 'dense', instructions: 2000 },
  ];
  const result: VerifyResult = {
    bundle: 'b1',
    passed: false,
    samples: { asked: 1000, taken: 200, source: 'test', adversarial: 24, thresholdsHit: 61, thresholds: 64 },
    host: row('host', {
      matched: 9,
      firstMismatch: { sample: 1, layer: 'dense', index: 0, expected: 1, got: 2 },
    }),
    cores: [row('cortex-m0', { ran: false }), row('cortex-m4', { layers: counted })],
  };
  const layers: Bundle['layers'] = [layer(), layer({ id: 'dense', estimate: null })];

  it('stand beside the estimate, with their shares', () => {
    expect(countedCores(result).map(({ core }) => core)).toEqual(['cortex-m4']);
    const rows = verifyLayerRows(layers, result);
    expect(rows.map(({ id, estimate }) => [id, estimate])).toEqual([
      ['conv1', 5000],
      ['dense', null],
    ]);
    expect(rows[0]?.counts).toEqual([{ instructions: 6000, share: 0.75 }]);
    expect(ratioToEstimate(6000, 5000)).toBe(1.2);
    expect(ratioToEstimate(null, 5000)).toBeNull();
    expect(ratioToEstimate(6000, 0)).toBeNull();
  });
  it('name the first that differs, and those that only the firmware knows', () => {
    expect(verifyLayerRows(layers, result).map(({ differsOn }) => differsOn)).toEqual([[], ['host']]);
    const [, extra] = verifyLayerRows([layer()], result);
    expect(extra).toMatchObject({ id: 'dense', estimate: null });
  });
  it('come with what was run: fewer samples than asked for are owned up to', () => {
    expect(samplesSentence(result, String)).toBe(
      '200 test samples (of 1000 asked for: the reference would take too long) and 24 adversarial ones, which hit or just miss 61 of 64 thresholds.',
    );
    const plain = {
      ...result,
      samples: { ...result.samples, taken: 1000, source: 'random' as const, adversarial: 0 },
    };
    expect(samplesSentence(plain, String)).toBe('1000 random samples.');
  });
});

describe('the report in tables', () => {
  const measured = sampleReport();
  const verified = withVerification(measured, {
    passed: true,
    rows: [
      {
        core: 'cortex-m4',
        runner: 'qemu',
        ran: true,
        reason: null,
        matched: 100,
        total: 100,
        accuracy: 0.99,
        instructionsPerInference: 1000,
        layers: [{ id: 'act', instructions: 700 }],
      },
    ],
  });
  const table = (report: typeof measured, caption: string) =>
    reportTables(report).find((one) => one.caption === caption);

  it('has every layer, with what the board counted', () => {
    expect(table(verified, 'Layers')?.rows.map((cells) => [cells[0], cells.at(-1)])).toEqual([
      ['act', '700'],
      ['dense', '–'],
      [measured.layers.at(-1)?.id, '–'],
    ]);
    expect(table(verified, 'Last verification')?.rows).toEqual([
      ['cortex-m4', 'qemu', '100 of 100', '99.00 %', '1,000'],
    ]);
    expect(table(measured, 'Last verification')).toBeUndefined();
  });
  it('has as many cells in a row as heads', () => {
    for (const { heads, rows } of reportTables(verified)) {
      for (const cells of rows) expect(cells).toHaveLength(heads.length);
    }
  });
  it('says what was not measured instead of a number', () => {
    const planned = sampleReport({}, null);
    expect(reportFacts(planned).find(({ name }) => name === 'Total flash')?.value).toBe('not measured');
    expect(stackSentence(planned)).toBeNull();
    expect(table(planned, 'Code and sections')).toBeUndefined();
    expect(stackSentence(measured)).toBe(
      'The stack is at most 64 B deep, interrupts not counted, through two_run 24 B → bs_conv2d_planes_u8 40 B.',
    );
  });
});

describe('two bundles side by side', () => {
  const a = sampleReport();
  const b = sampleReport(
    { weightBytes: 48, options: { ...DEFAULT_PLAN, objective: 'flash' } },
    {
      ...SAMPLE_SIZES,
      flashBytes: 388,
      kernels: [],
    },
  );
  const tables = (onlyDifferent: boolean) => comparisonTables(compareReports(a, b), onlyDifferent);
  const rowOf = (caption: string, name: string) =>
    tables(true)
      .find((one) => one.caption === caption)
      ?.rows.find(([first]) => first === name);

  it('show what differs and by how much', () => {
    expect(rowOf('Sizes and costs', 'Total flash')).toEqual(['Total flash', '400 B', '388 B', '−12 B']);
    expect(rowOf('Kernels', 'bs_conv2d_planes_u8')).toEqual([
      'bs_conv2d_planes_u8',
      '200 B',
      '0 B',
      '−200 B',
    ]);
    expect(rowOf('Options and origin that differ', 'objective')).toEqual(['objective', 'balanced', 'flash']);
  });
  it('leave out what is equal unless asked', () => {
    expect(rowOf('Sizes and costs', 'Multiply-accumulates')).toBeUndefined();
    const all = tables(false).find(({ caption }) => caption === 'Sizes and costs')?.rows;
    expect(all?.some(([name]) => name === 'Multiply-accumulates')).toBe(true);
    expect(tables(false).find(({ caption }) => caption === 'Layers of both')?.rows).toHaveLength(
      a.layers.length,
    );
    expect(comparisonTables(compareReports(a, a), true)).toEqual([]);
  });
  it('compare what they compute', () => {
    expect(vectorsSentence(compareReports(a, b))).toEqual({
      same: true,
      text: 'Both compute the same integers for 2 common test samples.',
    });
    const golden = a.golden;
    if (!golden) throw new Error('the sample report has golden samples');
    const logits = golden.logits.map((row, i) => (i === 1 ? row.map((one) => one + 1) : row));
    const other = { ...a, golden: { ...golden, logits } };
    expect(vectorsSentence(compareReports(a, other))).toEqual({
      same: false,
      text: 'The outputs agree for 1 of 2 common test samples; the first difference is in the outputs, sample 1.',
    });
    expect(vectorsSentence(compareReports(a, { ...a, golden: null })).same).toBeNull();
  });
});
