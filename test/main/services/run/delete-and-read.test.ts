import fs from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import * as path from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import { BitsmithError } from '#shared/base/errors.ts';
import { runApi } from '#shared/contract/api/run.ts';
import { TRASH_DAYS } from '#shared/run/trash.ts';
import { runFolder } from '#main/platform/data-folder.ts';
import { createRunReader } from '#main/services/run/index.ts';
import { openStore } from '#main/store/index.ts';
import { DELETED_PREFIX } from '#main/store/repair.ts';
import { fakeFork } from '#test/main/jobs/host/support.ts';
import { newRun } from '#test/main/store/support/new-run.ts';
import { fakeWorld, type FakeWorld } from './support.ts';

const files = ({ folder }: FakeWorld, run: string): string[] => fs.readdirSync(runFolder(folder, run)).sort();

/** A run that has ended, with its checkpoints. */
async function ended(world: FakeWorld, config: object = { epochs: 1 }): Promise<string> {
  const { id } = await world.service.start({ config });
  await world.service.whenEnded(id);
  return id;
}

describe('deleting runs', () => {
  it('hides them at once, keeps all that is theirs, and brings it back', async () => {
    const world = fakeWorld();
    const [a, b] = [await ended(world), await ended(world)];
    const before = await world.service.series({ run: a });
    await world.service.update({ run: a, notes: 'n' });
    await world.service.delete({ runs: [a, b.slice(0, 9)] });
    expect(await world.service.list({})).toEqual([]);
    for (const ask of [
      () => world.service.get({ run: a }),
      () => world.service.update({ run: a, name: 'x' }),
      () => world.service.compare({ runs: [a], metrics: false }),
    ])
      await expect(async () => ask()).rejects.toMatchObject({ code: 'not-found' });
    await expect(world.service.resume({ run: a })).rejects.toMatchObject({ code: 'not-found' });
    expect(files(world, a)).toContain('final-10.safetensors');
    expect((await world.service.deleted({})).map(({ run }) => run.id)).toEqual([b, a]);

    await world.service.restore({ runs: [a] });
    expect(await world.service.series({ run: a })).toEqual(before);
    expect(await world.service.get({ run: a })).toMatchObject({
      summary: { notes: 'n', status: 'finished' },
      checkpoints: [{ kind: 'epoch' }, { kind: 'final' }],
    });
    expect((await world.service.deleted({})).map(({ run }) => run.id)).toEqual([b]);
  });

  it('is refused for all while one of them is live, and for what is not in the trash', async () => {
    const world = fakeWorld();
    const done = await ended(world);
    const { id } = await world.service.start({ config: { epochs: 50 } });
    await expect(async () => world.service.delete({ runs: [done, id] })).rejects.toMatchObject({
      code: 'conflict',
      message: `run ${id} is running; stop it before you delete it; nothing was deleted`,
    });
    expect(await world.service.list({})).toHaveLength(2);
    for (const call of ['purge', 'restore'] as const) {
      await expect(async () => world.service[call]({ runs: [done] })).rejects.toMatchObject({
        code: 'not-found',
        message: `there is no deleted run "${done}"; \`bitsmith runs list --deleted\` shows them`,
      });
    }
    expect(files(world, done)).toContain('final-10.safetensors');
    await world.service.stop({ run: id });
    await world.service.whenEnded(id);
  });

  it('takes a run from its children, and gives it back to them', async () => {
    const world = fakeWorld();
    const parent = await ended(world);
    const { id } = await world.service.start({ config: { epochs: 1 }, parent });
    await world.service.whenEnded(id);
    await world.service.delete({ runs: [parent] });
    expect(world.store.runs.get(id).parent).toBeNull();
    await world.service.restore({ runs: [parent] });
    expect(world.store.runs.get(id).parent).toBe(parent);
    await world.service.delete({ runs: [parent] });
    await world.service.purge({ runs: [parent] });
    expect(world.store.runs.get(id).parent).toBeNull();
  });

  it('tells of each run, or of all at once when they are many', async () => {
    const world = fakeWorld();
    const id = await ended(world);
    const many = Array.from({ length: 30 }, (_, i) => `b${10 + i}`);
    for (const other of many) world.store.runs.create(newRun(other));
    for (const other of many) world.store.runs.setStatus(other, 'stopped', { at: '' });
    const told = () => world.told('runs-changed').slice(count);
    let count = world.told('runs-changed').length;
    await world.service.delete({ runs: [id] });
    expect(told()).toEqual([{ run: id }]);
    count++;
    await world.service.delete({ runs: many });
    expect(told()).toEqual([{ run: null }]);
  });
});

describe('the trash', () => {
  it('is emptied when a run has been there long enough, by the next host', async () => {
    const world = fakeWorld();
    const [old, fresh] = [await ended(world), await ended(world)];
    await world.service.delete({ runs: [old, fresh] });
    await world.service.restore({ runs: [old] });
    world.store.runs.trash(old, new Date(Date.now() - (TRASH_DAYS * 24 + 1) * 3_600_000).toISOString());
    await world.close();
    const next = fakeWorld(world.folder);
    expect((await next.service.deleted({})).map(({ run }) => run.id)).toEqual([fresh]);
    expect(fs.readdirSync(world.folder.runs)).toEqual([fresh]);
    expect(next.store.runs.exists(old)).toBe(false);
  });

  it('loses nothing and half-deletes nothing when the host is killed on the way', async () => {
    const world = fakeWorld();
    const [early, late] = [await ended(world), await ended(world)];
    await world.service.delete({ runs: [early, late] });
    const before = files(world, early);
    await world.close();
    // Killed after the folder was renamed, and after the rows were gone.
    const moved = (run: string) => path.join(world.folder.runs, `${DELETED_PREFIX}${run}`);
    for (const run of [early, late]) fs.renameSync(runFolder(world.folder, run), moved(run));
    const store = openStore({ dataFolder: world.folder, mode: 'write' });
    fs.renameSync(runFolder(world.folder, late), moved(late));
    store.runs.remove(late);
    store.close();

    const next = fakeWorld(world.folder);
    expect((await next.service.deleted({})).map(({ run }) => run.id)).toEqual([early]);
    await next.service.restore({ runs: [early] });
    expect(files(next, early)).toEqual(before);
    expect(fs.readdirSync(world.folder.runs)).toEqual([early]);
    expect((await next.service.series({ run: early })).series).not.toEqual([]);
  });

  it('keeps everything when the store refuses, and says so when only the folder stays', async () => {
    const world = fakeWorld();
    const id = await ended(world);
    await world.service.delete({ runs: [id] });
    const refuse = vi.spyOn(world.store.runs, 'remove').mockImplementationOnce(() => {
      throw new BitsmithError('io', 'the disk is full');
    });
    expect(() => world.service.purge({ runs: [id] })).toThrow('the disk is full');
    expect(files(world, id)).toContain('final-10.safetensors');
    expect(refuse).toHaveBeenCalledOnce();

    const kept = Object.assign(new Error('EACCES'), { code: 'EACCES' });
    const stuck = vi.spyOn(fs, 'rmSync').mockImplementation(() => {
      throw kept;
    });
    syncBuiltinESMExports();
    expect(() => world.service.purge({ runs: [id] })).toThrow(
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

describe('archive and tags', () => {
  it('are changed for all of the runs or for none', async () => {
    const world = fakeWorld();
    const [a, b] = [await ended(world), await ended(world)];
    expect(await world.service.archive({ runs: [a, b], archived: true })).toMatchObject([
      { id: a, archived: true },
      { id: b, archived: true },
    ]);
    await world.service.archive({ runs: [b], archived: false });
    expect(world.store.runs.get(a).archived).toBe(true);
    expect(world.store.runs.get(b).archived).toBe(false);

    await world.service.tag({ runs: [a, b], add: ['paper', 'x'], remove: ['t'] });
    await world.service.tag({ runs: [b], add: [], remove: ['x'] });
    expect(world.store.runs.get(a).tags).toEqual(['paper', 'x']);
    expect(world.store.runs.get(b).tags).toEqual(['paper']);
    await world.service.update({ run: b, tags: Array.from({ length: 50 }, (_, i) => `t${i}`) });
    await expect(async () =>
      world.service.tag({ runs: [a, b], add: ['one more'], remove: [] }),
    ).rejects.toMatchObject({ message: `run ${b} would have 51 tags; at most 50 are allowed` });
    expect(world.store.runs.get(a).tags).toEqual(['paper', 'x']);
    await expect(async () =>
      world.service.archive({ runs: [a, 'zzz'], archived: false }),
    ).rejects.toMatchObject({ code: 'not-found' });
    expect(world.store.runs.get(a).archived).toBe(true);
  });
});

describe('fields and values', () => {
  it('are those of all configurations and series; deleted runs have none', async () => {
    const world = fakeWorld();
    const a = await ended(world, { epochs: 1, pace: 1 });
    const b = await ended(world, { epochs: 2 });
    const { config, metrics } = runApi.fields.output.parse(await world.service.fields({}));
    expect(config).toContainEqual({ path: 'epochs', values: ['1', '2'] });
    expect(metrics).toContain('train/loss');
    const fields = ['config.epochs', 'config.pace', 'metric.train/loss', 'metric.nothing'];
    const loss = async (run: string) =>
      (await world.service.series({ run, names: ['train/loss'] })).series[0]?.value.at(-1);
    expect(runApi.values.output.parse(await world.service.values({ fields }))).toEqual({
      runs: [a, b],
      columns: [
        { field: 'config.epochs', values: [1, 2] },
        { field: 'config.pace', values: [1, null] },
        { field: 'metric.train/loss', values: [await loss(a), await loss(b)] },
        { field: 'metric.nothing', values: [null, null] },
      ],
    });
    const some = await world.service.values({ fields: ['metric.train/loss'], runs: [b] });
    expect(some.columns[0]?.values).toEqual([await loss(b)]);
    await world.service.delete({ runs: [a] });
    expect((await world.service.values({ fields: ['config.epochs'] })).runs).toEqual([b]);
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
