import * as fs from 'node:fs';
import * as path from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { HttpSource } from '#main/services/dataset/catalogue/types.ts';
import { importDataset, installDataset, listDatasets } from '#main/services/dataset/index.ts';
import { serveFiles } from '#test/support/dataset-server.ts';
import { noise, quietWork, temporaryDirectory, writeIdxFolder } from '#test/support/datasets.ts';

const disk = vi.hoisted(() => ({ room: Infinity }));

vi.mock('node:fs', async (original) => {
  const real = await original<typeof fs>();
  const writeSync = (handle: number, bytes: Uint8Array, ...rest: number[]) => {
    if (bytes.length > disk.room)
      throw Object.assign(new Error('ENOSPC: no space left on device'), { code: 'ENOSPC' });
    disk.room -= bytes.length;
    return real.writeSync(handle, bytes, ...rest);
  };
  return { ...real, writeSync, default: { ...real, writeSync } };
});

let folder: string;
beforeEach(() => {
  folder = temporaryDirectory();
  disk.room = Infinity;
});
afterEach(() => fs.rmSync(folder, { recursive: true, force: true }));

describe('a full disk', () => {
  it('ends an import with one clear error and nothing left behind', async () => {
    const source = path.join(folder, 'source');
    writeIdxFolder(source);
    for (const room of [0, 100, 300, 500]) {
      disk.room = room;
      const running = importDataset(folder, { path: source, kind: 'idx', name: 'mine' }, quietWork());
      await expect(running).rejects.toMatchObject({
        code: 'io',
        message: expect.stringMatching(/: the disk is full$/),
      });
      expect(listDatasets(folder)).toEqual([]);
      expect(fs.readdirSync(path.join(folder, 'datasets'))).toEqual([]);
    }
  });

  it('ends a download at once: another source would not help', async () => {
    const bytes = noise(100_000);
    const server = await serveFiles({ 'train-images-idx3-ubyte.gz': { bytes } });
    const source: HttpSource = {
      kind: 'http',
      id: 'a',
      title: 'a',
      base: server.base,
      files: [{ name: 'train-images-idx3-ubyte.gz', bytes: bytes.length }],
      format: 'idx',
      sha256: null,
    };
    disk.room = 1000;
    await expect(
      installDataset(folder, 'mnist', quietWork(), [source, { ...source, id: 'b' }]),
    ).rejects.toMatchObject({
      code: 'io',
      message: expect.stringMatching(/cannot write .*\.part: the disk is full$/),
    });
    expect(server.requests).toHaveLength(1);
    await server.close();
  });
});
