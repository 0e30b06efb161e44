import * as fs from 'node:fs';
import * as path from 'node:path';
import sharp from 'sharp';
import * as tar from 'tar';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ImportPeekSchema, ImportPreviewSchema } from '#shared/contract/api/dataset.ts';
import type { IntegrityReport } from '#shared/dataset/integrity.ts';
import type { DatasetInfo } from '#shared/dataset/types.ts';
import { createDatasetService, importDataset, loadSamples } from '#main/services/dataset/index.ts';
import { createTaskRegistry } from '#main/services/task/task-registry.ts';
import { noise, quietWork, temporaryDirectory } from '#test/support/datasets.ts';
import { npyFile, npzFile } from '#test/support/npy.ts';
import { forkWithoutNeighbours } from '#test/support/answering-fork.ts';

let folder: string;
let dataFolder: string;
let source: string;
beforeEach(() => {
  folder = temporaryDirectory();
  dataFolder = path.join(folder, 'data');
  source = path.join(folder, 'source');
  fs.mkdirSync(source);
});
afterEach(() => fs.rmSync(folder, { recursive: true, force: true }));

const put = (name: string, bytes: Uint8Array | string) => {
  fs.mkdirSync(path.dirname(path.join(source, name)), { recursive: true });
  fs.writeFileSync(path.join(source, name), bytes);
};
type Request = Parameters<typeof importDataset>[1];
const install = (kind: Request['kind'], options: Request['options'] = {}, place = source) =>
  importDataset(dataFolder, { path: place, kind, name: 'mine', options }, quietWork());
const picture = (height: number, width: number, channels: 1 | 3, bytes: Uint8Array) =>
  sharp(bytes, { raw: { height, width, channels } });
const flat = (value: number) => picture(4, 4, 3, new Uint8Array(48).fill(value));
const everything = () =>
  fs.existsSync(dataFolder)
    ? fs.readdirSync(dataFolder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile())
    : [];

/** The service on real tasks. */
function service() {
  const tasks = createTaskRegistry({ publish: () => undefined });
  const calls = createDatasetService({
    dataFolder,
    tasks,
    fork: forkWithoutNeighbours,
    onChanged: () => undefined,
  });
  const finish = async ({ task }: { task: string }) => {
    for (;;) {
      const now = await tasks.service.get({ id: task });
      if (now.state !== 'running') return now;
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
  };
  return { calls, finish };
}

describe('folders of pictures', () => {
  async function twoClasses(count = 6): Promise<void> {
    for (let i = 0; i < count; i++) {
      put(
        `cat/${i}.png`,
        await flat(10 + i)
          .png()
          .toBuffer(),
      );
      put(
        `dog/${i}.png`,
        await flat(110 + i)
          .png()
          .toBuffer(),
      );
    }
  }

  it('become samples with the names of their files, byte for byte', async () => {
    await twoClasses();
    const info = await install('images');
    expect(info).toMatchObject({
      shape: [4, 4, 3],
      classes: ['cat', 'dog'],
      train: 10,
      test: 2,
      source: 'images',
    });
    const { calls } = service();
    for (const split of ['train', 'test'] as const) {
      const { images } = loadSamples(dataFolder, info, split);
      const { origins } = await calls.samples({ name: 'mine', split, offset: 0, count: 100 });
      origins?.forEach((name, i) => {
        const value = (name.startsWith('cat') ? 10 : 110) + Number(/(\d)\.png/.exec(name)![1]);
        expect(images.subarray(i * 48, (i + 1) * 48)).toEqual(new Uint8Array(48).fill(value));
      });
      expect(origins).toHaveLength(info[split]);
    }
    expect(
      (await calls.samples({ name: 'mine', split: 'train', offset: 0, count: 1, indices: [3] })).origins,
    ).toEqual(['dog/1.png'].map(() => expect.stringMatching(/^dog\/\d\.png$/)));
  });

  it('leave damaged files out and list them with the reason, also in the integrity report', async () => {
    await twoClasses();
    const whole = await picture(40, 40, 3, noise(4800)).jpeg().toBuffer();
    put('cat/cut.jpg', whole.subarray(0, whole.length / 2));
    put('dog/text.png', 'no picture');
    put('dog/empty.jpeg', '');
    const { calls, finish } = service();
    const preview = ImportPreviewSchema.parse(
      (await finish(await calls.rehearse({ path: source, kind: 'images', options: { height: 4 } }))).result,
    );
    expect(preview.unreadable.count).toBe(3);
    expect(preview.unreadable.files.map(({ name }) => name).sort()).toEqual([
      'cat/cut.jpg',
      'dog/empty.jpeg',
      'dog/text.png',
    ]);
    expect(preview.unreadable.files[0]?.reason).toMatch(
      /byte 0: expected a whole PNG or JPEG picture; found /,
    );
    expect(everything()).toEqual([]);
    const done = await finish(
      await calls.import({ path: source, kind: 'images', name: 'mine', options: { height: 4 } }),
    );
    expect((done.result as DatasetInfo).imported).toMatchObject({ unreadable: 3, options: { height: 4 } });
    const report = (await finish(await calls.checkIntegrity({ name: 'mine' }))).result as IntegrityReport;
    expect(report.unreadable).toEqual(preview.unreadable);
    expect(report.constant.count).toBe(12);
  });

  it('are refused as a whole when none can be read', async () => {
    for (const name of ['a/1.png', 'a/2.png', 'b/1.png', 'b/2.png']) put(name, 'no');
    await expect(install('images')).rejects.toThrow(
      /no file can be read: .*byte 0: expected .* \(and 3 more\)/,
    );
    expect(everything()).toEqual([]);
  });

  it('are brought to one size by cropping, by bars or by stretching', async () => {
    // Left half 0, right half 200: 4 high, 8 wide.
    const halves = Uint8Array.from({ length: 32 }, (_, i) => (i % 8 < 4 ? 0 : 200));
    const bytes = await picture(4, 8, 1, halves).toColourspace('b-w').png().toBuffer();
    for (const name of ['a/1.png', 'a/2.png', 'b/1.png', 'b/2.png']) put(name, bytes);
    const sampleOf = async (fit: string) => {
      const info = await install('images', { height: 4, width: 4, fit, background: 'white', testShare: 0.5 });
      const { images } = loadSamples(dataFolder, info, 'train');
      fs.rmSync(dataFolder, { recursive: true });
      return { shape: info.shape, images: [...images.subarray(0, 16)] };
    };
    const cropped = await sampleOf('crop');
    expect(cropped.shape).toEqual([4, 4, 1]);
    expect(cropped.images.slice(0, 4)).toEqual([0, 0, 200, 200]);
    const barred = await sampleOf('contain');
    expect([barred.images.slice(0, 4), barred.images.slice(12)]).toEqual([
      Array(4).fill(255),
      Array(4).fill(255),
    ]);
    expect((await sampleOf('stretch')).images.slice(0, 4)).not.toEqual(
      cropped.images.slice(4, 8).map(() => 255),
    );
  });

  it('are turned upright, and lose their transparency and their second byte', async () => {
    const top = Uint8Array.from({ length: 32 * 32 }, (_, i) => (i < 512 ? 250 : 5));
    const turned = await picture(32, 32, 1, top)
      .withMetadata({ orientation: 6 })
      .jpeg({ quality: 100 })
      .toBuffer();
    const clear = await sharp({
      create: { width: 32, height: 32, channels: 4, background: { r: 255, g: 0, b: 0, alpha: 0 } },
    })
      .png()
      .toBuffer();
    const deep = await picture(32, 32, 1, new Uint8Array(1024).fill(77))
      .toColourspace('grey16')
      .png()
      .toBuffer();
    for (const i of [1, 2]) {
      put(`turned/${i}.jpg`, turned);
      put(`clear/${i}.png`, clear);
      put(`deep/${i}.png`, deep);
    }
    const info = await install('images', { colour: 'gray', background: 'white', testShare: 0.5 });
    const { images, labels } = loadSamples(dataFolder, info, 'train');
    const of = (name: string) => {
      const at = labels.indexOf(info.classes.indexOf(name));
      return images.subarray(at * 1024, (at + 1) * 1024);
    };
    // Orientation 6 is turned a quarter to the right: what was above is now on the right.
    expect([of('turned')[16 * 32 + 2]! < 40, of('turned')[16 * 32 + 29]! > 215]).toEqual([true, true]);
    expect(new Set(of('clear'))).toEqual(new Set([255]));
    expect(new Set(of('deep'))).toEqual(new Set([77]));
  });

  it('can be looked at with the choices made so far', async () => {
    await twoClasses();
    const { calls } = service();
    const peek = ImportPeekSchema.parse(
      await calls.peek({ path: source, kind: 'images', options: { height: 2, colour: 'gray' } }),
    );
    expect(peek.pictures).toMatchObject({ size: [4, 4], shape: [2, 2, 1], classes: ['cat', 'dog'] });
    expect(Buffer.from(peek.pictures!.pixels, 'base64')).toHaveLength(peek.pictures!.labels.length * 4);
    await expect(calls.peek({ path: source, kind: 'images', options: { heigth: 2 } })).rejects.toThrow(
      /Did you mean "height"/,
    );
    const archive = path.join(folder, 'set.tar');
    tar.c({ file: archive, cwd: folder, sync: true }, ['source']);
    expect(await calls.peek({ path: archive, kind: 'images' })).toEqual({
      columns: null,
      arrays: null,
      pictures: null,
      sounds: null,
    });
    expect((await install('images', {}, archive)).classes).toEqual(['cat', 'dog']);
  });
});

describe('tables', () => {
  const rows = Array.from({ length: 40 }, (_, i) => `${i / 4};"${i % 2 ? 'up' : 'down'}";${-i}`);
  it('are read with their delimiter and quotes, from a single file among others', async () => {
    put('a.csv', `\uFEFFspeed;way;"depth; m"\r\n${rows.join('\r\n')}\r\n\r\n`);
    put('b.csv', 'x\n');
    const place = path.join(source, 'a.csv');
    const { calls } = service();
    const plan = await calls.inspect({ path: place });
    expect(plan.kinds.filter(({ reason }) => reason === null).map(({ kind }) => kind)).toEqual(['csv']);
    expect((await calls.peek({ path: place, kind: 'csv' })).columns).toEqual([
      { name: 'speed', numeric: true, examples: ['0', '0.25', '0.5', '0.75'] },
      { name: 'way', numeric: false, examples: ['down', 'up'] },
      { name: 'depth; m', numeric: true, examples: ['0', '-1', '-2', '-3'] },
    ]);
    const info = await install('csv', { label: 'way', ranges: { speed: [0, 10] } }, place);
    expect(info).toMatchObject({ shape: [1, 1, 2], classes: ['down', 'up'], train: 32, test: 8 });
    expect(info.features?.[0]).toEqual({ name: 'speed', minimum: 0, maximum: 10 });
    // What was written is what is read.
    expect((await calls.show({ name: 'mine' })).features).toEqual(info.features);
    const { labels } = loadSamples(dataFolder, info, 'test');
    const { origins } = await calls.samples({ name: 'mine', split: 'test', offset: 0, count: 8 });
    origins?.forEach((origin, i) => expect((Number(/line (\d+)/.exec(origin)![1]) - 2) % 2).toBe(labels[i]));
  });

  it('name the line of what is wrong, and leave nothing behind', async () => {
    put(
      'a.csv',
      `speed,way\n${Array.from({ length: 5000 }, (_, i) => `${i},${i % 2}`).join('\n')}\nfast,1\n`,
    );
    await expect(install('csv', { columns: ['speed'] })).rejects.toThrow(
      /a\.csv, line 5002: expected a number in the column "speed"; found "fast"/,
    );
    put('a.csv', 'a,b\n1,"2\n');
    await expect(install('csv')).rejects.toMatchObject({ code: 'corrupt' });
    expect(everything()).toEqual([]);
  });

  it('can be cancelled', async () => {
    put('a.csv', `v,l\n${Array.from({ length: 20000 }, (_, i) => `${i},${i % 2}`).join('\n')}\n`);
    const abort = new AbortController();
    const work = quietWork(abort.signal);
    const report = work.report;
    work.report = (progress, message) => {
      report(progress, message);
      if (work.reports.length > 3) abort.abort();
    };
    const request = { path: source, kind: 'csv' as const, name: 'mine' };
    await expect(importDataset(dataFolder, request, work)).rejects.toMatchObject({ code: 'cancelled' });
    expect(everything()).toEqual([]);
  });
});

describe('NumPy arrays', () => {
  const x = npyFile(
    '<f4',
    [20, 3, 3],
    Float32Array.from({ length: 180 }, (_, i) => i / 179),
  );
  const y = npyFile(
    '<i8',
    [20],
    BigInt64Array.from({ length: 20 }, (_, i) => BigInt(i % 2)),
  );

  it('are read from an archive or side by side, alike', async () => {
    put('set.npz', npzFile({ samples: x, answers: y }));
    const options = { xTrain: 'samples', yTrain: 'answers' };
    const { calls } = service();
    expect((await calls.peek({ path: source, kind: 'npz' })).arrays).toEqual([
      { name: 'samples', dtype: '<f4', shape: [20, 3, 3] },
      { name: 'answers', dtype: '<i8', shape: [20] },
    ]);
    const first = await install('npz', options);
    expect(first).toMatchObject({ shape: [3, 3, 1], train: 16, test: 4 });
    expect(first.features).toEqual([{ name: 'value', minimum: 0, maximum: 1 }]);
    fs.rmSync(dataFolder, { recursive: true });
    fs.rmSync(path.join(source, 'set.npz'));
    put('samples.npy', x);
    put('answers.npy', y);
    expect((await install('npz', options)).sha256).toBe(first.sha256);
  });

  it('are refused when the archive is damaged', async () => {
    const whole = npzFile({ x, y });
    put('set.npz', whole.subarray(0, whole.length - 30));
    await expect(install('npz')).rejects.toThrow(
      /set\.npz, byte 0: expected a whole zip archive of \.npy arrays/,
    );
  });
});

it('refuses options that a kind does not have', async () => {
  await expect(install('idx', { height: 3 })).rejects.toThrow(
    /the option "height" is unknown: the kind idx has none/,
  );
});
