import * as fs from 'node:fs';
import * as path from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { ImportPeekSchema, ImportPreviewSchema } from '#shared/contract/api/dataset.ts';
import { featureBytes } from '#shared/dataset/sound/bytes.ts';
import { createFrontEnd } from '#shared/dataset/sound/front-end.ts';
import { importDataset, loadSamples, readDatasetInfo, readRecordings } from '#main/services/dataset/index.ts';
import { peekPlace } from '#main/services/dataset/peek.ts';
import { rehearseImport } from '#main/services/dataset/rehearse.ts';
import { quietWork, temporaryDirectory } from '#test/support/datasets.ts';
import { noiseSound, tone, waveFile } from '#test/support/sounds.ts';

let folder: string;
let source: string;
let dataFolder: string;
beforeEach(() => {
  folder = temporaryDirectory();
  source = path.join(folder, 'source');
  dataFolder = path.join(folder, 'data');
  for (const [label, name] of ['high', 'low'].entries()) {
    fs.mkdirSync(path.join(source, name), { recursive: true });
    for (let i = 0; i < 10; i++) {
      const pcm = tone(8000, 4000 + 100 * i, (label === 0 ? 2000 : 400) + 10 * i);
      fs.writeFileSync(path.join(source, name, `${i}.wav`), waveFile(pcm, { rate: 8000 }));
    }
  }
  fs.writeFileSync(path.join(source, 'high', 'cut.wav'), waveFile(noiseSound(500, 9)).subarray(0, 500));
  fs.writeFileSync(path.join(source, 'low', 'text.wav'), 'no sound');
});
afterEach(() => fs.rmSync(folder, { recursive: true, force: true }));

const options = { sampleRate: 8000, length: 0.5, frame: 32, hop: 32, bands: 12 };
const request = () => ({ path: source, kind: 'wav' as const, name: 'mine', options });

it('keeps the sound of the first test samples, from which the front end makes their very bytes', async () => {
  const info = await importDataset(dataFolder, request(), quietWork());
  expect(info).toMatchObject({ shape: [15, 12, 1], train: 16, test: 4, source: 'wav' });
  expect(info.imported?.unreadable).toBe(2);
  expect(readDatasetInfo(dataFolder, 'mine').sound).toEqual(info.sound);
  const sound = info.sound!;
  const recordings = readRecordings(dataFolder, info);
  expect(recordings).toHaveLength(4);
  const { images } = loadSamples(dataFolder, info, 'test');
  recordings.forEach((pcm, i) => {
    const bytes = new Uint8Array(180);
    featureBytes(createFrontEnd(sound).clip(pcm), sound.maps, bytes);
    expect(bytes).toEqual(images.slice(i * 180, (i + 1) * 180));
  });
  fs.truncateSync(path.join(dataFolder, 'datasets/mine/recordings.bin'), 777);
  expect(readRecordings(dataFolder, info)).toEqual([]);
});

it('can be looked at and rehearsed without writing anything', async () => {
  const { sounds } = ImportPeekSchema.parse(await peekPlace(request()));
  expect(sounds).toMatchObject({ rates: [8000], shape: [15, 12, 1], classes: ['high', 'low'] });
  expect(sounds!.seconds[0]).toBeGreaterThanOrEqual(0.5);
  expect(Buffer.from(sounds!.pixels, 'base64')).toHaveLength(sounds!.labels.length * 180);
  expect(sounds!.labels.length).toBeGreaterThan(8);
  await expect(peekPlace({ ...request(), options: { ...options, bands: 128 } })).rejects.toMatchObject({
    code: 'invalid-input',
    details: { option: 'bands' },
  });
  const preview = ImportPreviewSchema.parse(await rehearseImport(dataFolder, request(), quietWork()));
  expect(preview.sound).toMatchObject({ bands: 12, sampleRate: 8000 });
  expect(preview.unreadable.files.map(({ name }) => name).sort()).toEqual(['high/cut.wav', 'low/text.wav']);
  expect(fs.existsSync(path.join(dataFolder, 'datasets'))).toBe(false);
});
