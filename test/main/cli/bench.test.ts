import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import type { BenchmarkRow } from '#shared/train/benchmark/row.ts';
import { bitsmith } from '#test/support/command-line.ts';

/** `bitsmith bench` measures, and refuses what there is not. */

const root = fs.mkdtempSync(path.join(os.tmpdir(), 'bitsmith-bench-'));
afterAll(() => fs.rmSync(root, { recursive: true, force: true }));
const bench = (...args: string[]) => bitsmith(['bench', '--data-dir', root, ...args]);

describe('bitsmith bench', () => {
  it('gives a row of positive numbers for each network and method', async () => {
    const methods = ['--method', 'twn', '--method', 'tga'];
    const few = ['--network', 'lenet-small', '--rounds', '1', '--steps', '1', '--json'];
    const { status, stdout, stderr } = await bench('--device', 'wasm', ...methods, ...few);
    expect(status, stderr).toBe(0);
    const rows = JSON.parse(stdout) as BenchmarkRow[];
    expect(
      rows.map(({ device, network, weights, activations }) => [device, network, weights, activations]),
    ).toEqual([
      ['wasm', 'lenet-small', 'twn', 'full-precision'],
      ['wasm', 'lenet-small', 'tga', 'full-precision'],
    ]);
    for (const row of rows) {
      expect(row.stepsPerSecond).toBeGreaterThan(0);
      expect(row.samplesPerSecond).toBeCloseTo(row.stepsPerSecond * row.batchSize, 6);
      expect(row.ratio).toBeGreaterThan(0);
    }
    // TGA updates its thresholds in a pass of their own.
    expect(rows.map(({ convolutions }) => convolutions)).toEqual([1, 2]);
  });

  it.each([
    [['--method', 'twm'], /--method "twm" is not known; allowed: .*twn/],
    [['--network', 'vgg'], /--network "vgg" is not known; allowed: lenet-small/],
    [['--device', 'gpu'], /device "gpu" is not known; allowed: tensorflow, webgpu, wasm/],
    [['--rounds', '0'], /whole number from 1/],
  ])('refuses %j in one sentence', async (args, message) => {
    const { status, stdout, stderr } = await bench(...args);
    expect(status).toBe(2);
    expect(stdout).toBe('');
    expect(stderr).toMatch(message);
  });
});
