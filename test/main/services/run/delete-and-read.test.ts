import fs from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import { describe, expect, it, vi } from 'vitest';
import { BitsmithError } from '#shared/base/errors.ts';
import { runApi } from '#shared/contract/api/run.ts';
import { runFolder } from '#main/platform/data-folder.ts';
import { createRunReader } from '#main/services/run/index.ts';
import { openStore } from '#main/store/index.ts';
import { fakeFork } from '#test/main/jobs/host/support.ts';
import { fakeWorld, type FakeWorld } from './support.ts';

const files = ({ folder }: FakeWorld, run: string): string[] => fs.readdirSync(runFolder(folder, run)).sort();

describe('deleting a run', () => {
  it('removes rows and folder, and is refused while it is live', async () => {
    const world = fakeWorld();
    const { id } = await world.service.start({ config: { epochs: 50 } });
    expect(() => world.service.delete({ run: id })).toThrow(
      expect.objectContaining({
        code: 'conflict',
        message: `run ${id} is running; stop it before you delete it`,
      }),
    );
    await world.until(id, ({ stepsDone }) => stepsDone >= 1);
    await world.service.stop({ run: id });
    await world.service.whenEnded(id);
    await world.service.delete({ run: id });
    expect(world.store.runs.list()).toEqual([]);
    expect(fs.readdirSync(world.folder.runs)).toEqual([]);
    expect(() => world.service.get({ run: id })).toThrow(expect.objectContaining({ code: 'not-found' }));
  });

  it('keeps everything when the store refuses, and says so when only the folder stays', async () => {
    const world = fakeWorld();
    const { id } = await world.service.start({ config: { epochs: 1 } });
    await world.service.whenEnded(id);
    const refuse = vi.spyOn(world.store.runs, 'remove').mockImplementationOnce(() => {
      throw new BitsmithError('io', 'the disk is full');
    });
    expect(() => world.service.delete({ run: id })).toThrow('the disk is full');
    expect(files(world, id)).toContain('final-10.safetensors');
    expect(refuse).toHaveBeenCalledOnce();

    const kept = Object.assign(new Error('EACCES'), { code: 'EACCES' });
    const stuck = vi.spyOn(fs, 'rmSync').mockImplementation(() => {
      throw kept;
    });
    syncBuiltinESMExports();
    expect(() => world.service.delete({ run: id })).toThrow(
      expect.objectContaining({
        code: 'io',
        message: expect.stringMatching(
          /is deleted, but its files in .* could not be removed: permission denied; Bitsmith tries again/,
        ),
      }),
    );
    stuck.mockRestore();
    syncBuiltinESMExports();
    await world.close();
    const next = fakeWorld(world.folder);
    expect(next.store.runs.list()).toEqual([]);
    expect(fs.readdirSync(world.folder.runs)).toEqual([]);
  });
});

describe('a disk that fills up while a run goes', () => {
  it('ends the run with that reason, and stores its end when there is room again', async () => {
    const world = fakeWorld();
    const full = new BitsmithError('io', 'the store: the disk is full');
    const { id } = await world.service.start({ config: { epochs: 1000, pace: 5 } });
    await world.until(id, ({ stepsDone }) => stepsDone >= 2);
    let room = false;
    const real = world.store.transaction.bind(world.store);
    vi.spyOn(world.store, 'transaction').mockImplementation((work) => {
      if (!room) throw full;
      return real(work);
    });
    await expect(world.service.whenEnded(id)).rejects.toMatchObject({
      code: 'io',
      message: expect.stringContaining('the disk is full'),
    });
    expect(world.told('host-error')).toMatchObject([{ code: 'io' }]);
    room = true;
    expect(await world.service.whenEnded(id)).toMatchObject({
      status: 'crashed',
      reason: expect.stringContaining('the disk is full'),
    });
  });
});

describe('reading without a host', () => {
  it('works beside one: list, show, series, compare', async () => {
    const world = fakeWorld();
    const a = await world.service.start({ config: { epochs: 1 } });
    const b = await world.service.start({ config: { epochs: 2 } });
    await world.service.whenEnded(b.id);
    const store = openStore({ dataFolder: world.folder, mode: 'read' });
    const reader = createRunReader(store, fakeFork());
    expect((await reader.list({})).map(({ id }) => id)).toEqual([b.id, a.id]);
    expect((await reader.series({ run: a.id })).series.map(({ name }) => name)).toEqual([
      'learning-rate',
      'train/loss',
      'validation/accuracy',
      'validation/best-accuracy',
    ]);
    const comparison = runApi.compare.output.parse(
      await reader.compare({ runs: [a.id, b.id], metrics: true }),
    );
    expect(comparison.configDiff).toEqual([{ path: 'epochs', values: [1, 2], differs: true }]);
    expect(comparison.metrics.find(({ series }) => series === 'train/loss')?.values).toEqual([
      { last: 1 / 10, min: 1 / 10, max: 1 },
      { last: 1 / 20, min: 1 / 20, max: 1 },
    ]);
    expect(await reader.events({ run: a.id })).toHaveLength(4);
    store.close();
  });
});
