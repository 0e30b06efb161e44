import * as fs from 'node:fs';
import * as path from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { estimateDeployment } from '#shared/export/estimate/estimate-deployment.ts';
import { parseRunConfig, resolveRun } from '#shared/run/config.ts';
import { estimateJob } from '#main/jobs/training/estimate-job.ts';
import { importDataset } from '#main/services/dataset/index.ts';
import { quietWork, temporaryDirectory } from '#test/support/datasets.ts';
import { tone, waveFile } from '#test/support/sounds.ts';

let folder: string;
beforeEach(() => {
  folder = temporaryDirectory();
});
afterEach(() => fs.rmSync(folder, { recursive: true, force: true }));

it('counts the front end of runs on a data set of sound', async () => {
  const source = path.join(folder, 'source');
  for (const [label, name] of ['high', 'low'].entries()) {
    fs.mkdirSync(path.join(source, name), { recursive: true });
    for (let i = 0; i < 6; i++) {
      const pcm = tone(8000, 4000, (label === 0 ? 2000 : 400) + 10 * i);
      fs.writeFileSync(path.join(source, name, `${i}.wav`), waveFile(pcm, { rate: 8000 }));
    }
  }
  const dataFolder = path.join(folder, 'data');
  const options = { sampleRate: 8000, length: 0.5, frame: 32, hop: 32, bands: 12 };
  const request = { path: source, kind: 'wav' as const, name: 'mine', options };
  const info = await importDataset(dataFolder, request, quietWork());
  const layers = [
    { id: 'flat', kind: 'flatten' },
    { id: 'out', kind: 'dense', units: 2 },
  ];
  const config = {
    dataset: { name: 'mine' },
    model: { version: 1, name: 'ears', input: { shape: info.shape }, layers },
  };
  const target = 'cortex-m4';
  const [row] = estimateJob({ configs: [config], dataFolder, target });
  const result = estimateDeployment(resolveRun(parseRunConfig(config), info), { target, sound: info.sound });
  if (!result.ok || !result.estimate.frontEnd) throw new Error('no estimate');
  const { total, frontEnd } = result.estimate;
  expect(row).toEqual(total);
  expect(total.flash).toBe(total.tables + total.kernels + total.network + frontEnd.flash);
});
