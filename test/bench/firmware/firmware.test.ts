import * as fs from 'node:fs';
import { describe, expect, it } from 'vitest';
import { PlanOptionsSchema } from '#shared/export/plan/options.ts';
import { createToolchain } from '#main/toolchain/index.ts';
import { CASES, GOALS } from './cases.ts';
import { measureOnCore } from './measure.ts';
import { groupRatio, packingShares, rowOf, type BenchRow } from './report.ts';

/** What `npm run bench:firmware` measures on seven cores, here for the layers on one: the goals are met. */

const toolchain = createToolchain();
const programs = await Promise.all([toolchain.find('arm-none-eabi-gcc'), toolchain.find('qemu-system-arm')]);
const missing = programs.filter(({ available }) => !available).map(({ title }) => title);
const options = PlanOptionsSchema.parse({ objective: 'speed' });
const groups = Object.entries(GOALS).filter(([, cores]) => cores['cortex-m4'] !== undefined);

const title = `instructions on a Cortex-M4${missing.length > 0 ? ` (not installed: ${missing.join(', ')})` : ''}`;
describe.skipIf(missing.length > 0)(title, () => {
  it.each(groups)('reach the goal: %s', async (group, cores) => {
    const rows: BenchRow[] = [];
    for (const bench of CASES.filter((candidate) => candidate.group === group)) {
      const measured = await measureOnCore(bench.graph(), 'cortex-m4', options);
      expect(measured).toBeDefined();
      if (measured) rows.push(rowOf(bench, 'cortex-m4', measured));
    }
    expect(rows.length).toBeGreaterThan(0);
    expect(groupRatio(rows, group, 'cortex-m4')).toBeGreaterThanOrEqual(cores['cortex-m4'] ?? Infinity);
  });
});

describe('weights in flash', () => {
  it('take a quarter of int8 as masks, and less than a third as delta lists at 70 % zeros', () => {
    const shares = new Map(packingShares().map(({ packing, shares: all }) => [packing, all]));
    // Binary weights, then 30, 50, 70 and 90 % zeros.
    expect(shares.get('masks')?.[3]).toBeLessThanOrEqual(1 / 4);
    expect(shares.get('delta')?.[3]).toBeLessThanOrEqual(1 / 3);
    expect(shares.get('base3')?.[3]).toBeLessThanOrEqual(0.201);
    expect(shares.get('bits')?.[0]).toBeLessThanOrEqual(1 / 8);
  });
});

describe('docs/firmware-benchmarks.md', () => {
  it('has every goal, and each is met', () => {
    const text = fs.readFileSync(new URL('../../../docs/firmware-benchmarks.md', import.meta.url), 'utf8');
    const rows = text.split('\n').filter((line) => /\|\s+≥ /.test(line));
    expect(rows.length).toBe(Object.values(GOALS).flatMap((cores) => Object.keys(cores)).length);
    expect(rows.filter((line) => !/\|\s*yes \|$/.test(line))).toEqual([]);
  });
});
