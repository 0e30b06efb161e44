import * as fs from 'node:fs';
import * as path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Bundle, VerifyResult } from '#shared/contract/api/export.ts';
import type { DatasetInfo } from '#shared/dataset/types.ts';
import { parseManifest } from '#shared/export/emit/manifest.ts';
import { createToolchain } from '#main/toolchain/index.ts';
import { bitsmith } from '#test/support/command-line.ts';
import { temporaryDirectory } from '#test/support/datasets.ts';
import { chirp, noiseSound, waveFile } from '#test/support/sounds.ts';

const toolchain = createToolchain();
const [gcc, arm, qemu] = await Promise.all([
  toolchain.find('gcc'),
  toolchain.find('arm-none-eabi-gcc'),
  toolchain.find('qemu-system-arm'),
]);
const host = gcc.available;
const board = arm.available && qemu.available;

/** Everything from files on disk to firmware that was compiled and compared, by the command line alone. */
let folder: string;
beforeAll(() => {
  folder = temporaryDirectory();
});
afterAll(() => fs.rmSync(folder, { recursive: true, force: true }));

/** Each set has a data folder of its own. */
async function call<T>(name: string, ...args: string[]): Promise<T> {
  const { status, stdout, stderr } = await bitsmith([
    ...args,
    '--json',
    '--data-dir',
    path.join(folder, `${name}-data`),
  ]);
  expect({ status, stderr: status === 0 ? '' : stderr }).toEqual({ status: 0, stderr: '' });
  return JSON.parse(stdout) as T;
}

async function trainAndExport(name: string, layers: object[], shape: readonly number[], epochs: number) {
  const config = path.join(folder, `${name}.json`);
  const document = {
    dataset: { name, validation: 0.1 },
    model: { version: 1, name, input: { shape }, layers },
    training: { epochs, batchSize: 16, learningRate: 0.01 },
    device: 'wasm',
  };
  fs.writeFileSync(config, JSON.stringify(document));
  const { runId } = await call<{ runId: string }>(name, 'train', config);
  const out = path.join(folder, `${name}-bundle`);
  const bundle = await call<Bundle>(name, 'export', runId, '--target', 'cortex-m4', '--out', out);
  const cores = board ? ['--core', 'cortex-m4'] : [];
  const verdict = host ? await call<VerifyResult>(name, 'verify', out, '--samples', '30', ...cores) : null;
  const manifest = parseManifest(fs.readFileSync(path.join(out, 'manifest.json'), 'utf8'), 'manifest.json');
  return { out, bundle, verdict, manifest, accuracy: manifest.provenance.accuracy ?? 0 };
}

/** Several programs and compilers one after the other. */
const PATIENCE = { timeout: 400_000 };

describe('a set of sounds', PATIENCE, () => {
  /** A rising, a falling and a steady tone in noise, at 8 kHz: what a network must hear is how the pitch goes. */
  function writeSounds(place: string): void {
    const classes = { fall: [1800, 500], rise: [500, 1800], steady: [1000, 1000] } as const;
    Object.entries(classes).forEach(([name, [from, to]], label) => {
      fs.mkdirSync(path.join(place, name), { recursive: true });
      for (let i = 0; i < 30; i++) {
        const samples = 4000 - 40 * (i % 5);
        const pitch = 1 + ((i * 7) % 10) / 20;
        const noise = noiseSound(samples, 300, 1 + i + 100 * label);
        const pcm = chirp(8000, samples, from * pitch, to * pitch, 2000 + 400 * (i % 7)).map(
          (value, n) => value + noise[n]!,
        );
        fs.writeFileSync(path.join(place, name, `${i}.wav`), waveFile(pcm, { rate: 8000 }));
      }
    });
    fs.writeFileSync(path.join(place, 'rise', 'cut.wav'), waveFile(noiseSound(800, 9)).subarray(0, 900));
  }

  it('is imported, trained on, exported and verified with its front end, bit for bit', async () => {
    const place = path.join(folder, 'sounds');
    writeSounds(place);
    const options = ['sampleRate=8000', 'length=0.5', 'frame=32', 'hop=32', 'bands=16', 'testShare=0.3'];
    const info = await call<DatasetInfo>(
      'pitch',
      ...['datasets', 'import', place, '--kind', 'wav', '--name', 'pitch'],
      ...options.flatMap((option) => ['--option', option]),
    );
    expect(info).toMatchObject({
      shape: [15, 16, 1],
      classes: ['fall', 'rise', 'steady'],
      train: 63,
      test: 27,
    });
    expect(info.imported).toMatchObject({ unreadable: 1 });
    expect(info.imported?.notes).toContain('72 files are shorter than 0.5 s and end in silence.');
    const { accuracy, out, bundle, verdict, manifest } = await trainAndExport(
      'pitch',
      [
        { id: 'conv', kind: 'conv2d', filters: 8, kernel: 3, weights: { method: 'int8' } },
        { id: 'norm', kind: 'batch-norm' },
        { id: 'act', kind: 'activation' },
        { id: 'pool', kind: 'max-pool' },
        { id: 'flat', kind: 'flatten' },
        { id: 'out', kind: 'dense', units: 3 },
        { id: 'norm2', kind: 'batch-norm' },
      ],
      info.shape,
      15,
    );
    expect(accuracy).toBeGreaterThan(0.9);
    expect(manifest.provenance.sound).toEqual(info.sound);
    for (const file of ['include/pitch_sound.h', 'src/pitch_sound.c', 'verify/sound_main.c']) {
      expect(bundle.files).toContain(file);
    }
    expect(fs.readFileSync(path.join(out, 'README.md'), 'utf8')).toContain(
      '16 log-mel bands, 32 ms every 32 ms',
    );
    if (!verdict) return;
    // Fourteen made clips, and eight test recordings against the bytes of the data set itself.
    const frontEnd = { clips: 22, matched: 22 };
    expect(verdict.passed).toBe(true);
    expect(verdict.samples.source).toBe('test');
    expect(verdict.host).toMatchObject({ ran: true, frontEnd });
    expect(verdict.host.accuracy).toBeCloseTo(accuracy, 9);
    if (board) expect(verdict.cores[0]).toMatchObject({ ran: true, frontEnd });
  });

  it.skipIf(!host)('does not pass with a front end that differs', async () => {
    const out = path.join(folder, 'pitch-bundle');
    const source = path.join(out, 'src/pitch_sound.c');
    const text = fs.readFileSync(source, 'utf8');
    fs.writeFileSync(
      source,
      text.replace(
        /(rise\[\d+\] = \{\s+\d+, )(\d+)/,
        (_, head: string, n: string) => `${head}${Number(n) ^ 128}`,
      ),
    );
    const wrong = await bitsmith([
      ...['verify', out, '--samples', '4', '--json'],
      ...['--data-dir', path.join(folder, 'pitch-data')],
    ]);
    expect(wrong.status).not.toBe(0);
    const found = JSON.parse(wrong.stdout) as VerifyResult;
    expect([found.passed, found.host.matched === found.host.total]).toEqual([false, true]);
    // Silence is the same with any table.
    const { clips, matched } = found.host.frontEnd ?? { clips: 0, matched: 0 };
    expect([clips, matched > 0, matched < clips]).toEqual([18, true, true]);
  });
});

describe('a table', PATIENCE, () => {
  it('is imported, trained on, exported with its input map and verified', async () => {
    const file = path.join(folder, 'points.csv');
    const noise = noiseSound(400, 1000, 3);
    const rows = Array.from({ length: 200 }, (_, i) => {
      const [x, y] = [noise[2 * i]! / 500, noise[2 * i + 1]! / 100];
      return `${x},${y},${x * 5 + y > 0 ? 'above' : 'below'}`;
    });
    fs.writeFileSync(file, ['x,y,side', ...rows, ''].join('\n'));
    const info = await call<DatasetInfo>(
      'points',
      'datasets',
      'import',
      file,
      '--kind',
      'csv',
      '--name',
      'points',
    );
    expect(info).toMatchObject({ shape: [1, 1, 2], classes: ['above', 'below'] });
    const { accuracy, bundle, verdict, manifest } = await trainAndExport(
      'points',
      [
        { id: 'flat', kind: 'flatten' },
        { id: 'hidden', kind: 'dense', units: 16, weights: { method: 'int8' } },
        { id: 'norm', kind: 'batch-norm' },
        { id: 'act', kind: 'activation' },
        { id: 'out', kind: 'dense', units: 2 },
        { id: 'norm2', kind: 'batch-norm' },
      ],
      info.shape,
      30,
    );
    expect(accuracy).toBeGreaterThan(0.85);
    expect(manifest.provenance.features).toEqual(info.features);
    expect(bundle.files).toContain('include/points_input.h');
    if (verdict) expect(verdict).toMatchObject({ passed: true, host: { ran: true } });
  });
});
