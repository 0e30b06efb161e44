import fs from 'node:fs';
import * as path from 'node:path';
import { describe, expect, it } from 'vitest';
import { runApi } from '#shared/contract/api/run.ts';
import { checkpointFile, runFolder } from '#main/platform/data-folder.ts';
import { fakeWorld, type FakeWorld } from './support.ts';

const files = ({ folder }: FakeWorld, run: string): string[] => fs.readdirSync(runFolder(folder, run)).sort();
const steps = (world: FakeWorld, run: string): number[] =>
  world.store.series.read(run, ['train/loss'])[0]?.step ?? [];
const upTo = (n: number): number[] => Array.from({ length: n }, (_, i) => i + 1);
const messages = (world: FakeWorld, run: string): string[] =>
  world.store.events.read(run).map(({ message }) => message);

describe('a run from start to finish', () => {
  it('is stored with everything its job said', async () => {
    const world = fakeWorld();
    const started = await world.service.start({ config: { epochs: 4 } });
    expect(started).toMatchObject({
      status: 'running',
      name: 'fake',
      tags: ['t'],
      epochs: 4,
      stepsTotal: 40,
    });
    const ended = await world.service.whenEnded(started.id);
    expect(ended).toMatchObject({
      status: 'finished',
      accuracy: 0.975,
      loss: 0.1,
      bestValidationAccuracy: 0.4,
      epochsDone: 4,
      stepsDone: 40,
      device: 'fake',
      etaSeconds: null,
    });
    expect(steps(world, ended.id)).toEqual(upTo(40));
    const detail = runApi.get.output.parse(await world.service.get({ run: ended.id }));
    expect(detail.config).toEqual({ epochs: 4 });
    expect(detail.truthProbe).toEqual({ passed: true, checks: [] });
    // Two epochs, of which the last is the best too, and the final one.
    expect(detail.checkpoints.map(({ id }) => id)).toEqual(['epoch-30', 'epoch-40', 'final-40']);
    expect(files(world, ended.id)).toEqual([
      'epoch-30.safetensors',
      'epoch-40.safetensors',
      'final-40.safetensors',
    ]);
    expect(
      runApi.histograms.output
        .parse(await world.service.histograms({ run: ended.id }))
        .map(({ step }) => step),
    ).toEqual([10, 20, 30, 40]);
    expect(messages(world, ended.id)).toEqual([
      'created',
      'computing on fake (Fake) from step 0',
      'checkpoint final-40 written (epoch 4, step 40)',
      'finished',
    ]);
  });

  it('is told to the windows: numbered batches without a gap, which together are the series', async () => {
    const world = fakeWorld();
    const { id } = await world.service.start({ config: { epochs: 3 } });
    await world.service.whenEnded(id);
    const batches = world.told('metrics');
    expect(batches.length).toBeGreaterThan(1);
    const first = batches[0]?.sequence ?? 0;
    expect(batches.map(({ sequence }) => sequence)).toEqual(batches.map((_, index) => first + index));
    const pulled = runApi.series.output.parse(await world.service.series({ run: id, names: ['train/loss'] }));
    expect(pulled.sequence).toBe(batches.at(-1)?.sequence);
    const pushed = batches.flatMap(({ points }) => points).filter(({ series }) => series === 'train/loss');
    expect(pushed.map(({ step }) => step)).toEqual(pulled.series[0]?.step);
    expect(pushed.map(({ value }) => value)).toEqual(pulled.series[0]?.value);
    expect(world.told('run-log').map(({ message }) => message)).toContain('finished');
    expect(world.told('runs-changed')).toContainEqual({ run: id });
  });

  it('hands a pull all that was told before it', async () => {
    const world = fakeWorld();
    const { id } = await world.service.start({ config: { epochs: 100 } });
    await world.until(id, ({ stepsDone }) => stepsDone >= 5);
    const pulled = await world.service.series({ run: id, names: ['train/loss'] });
    const told = world.told('metrics').at(-1);
    expect(pulled.sequence).toBe(told?.sequence);
    expect(pulled.series[0]?.step.at(-1)).toBe(
      told?.points.findLast(({ series }) => series === 'train/loss')?.step,
    );
  });

  it('leaves values that are no numbers out, and says so once', async () => {
    const world = fakeWorld();
    const { id } = await world.service.start({ config: { epochs: 1, at: 4, then: 'nan' } });
    await world.service.whenEnded(id);
    expect(steps(world, id)).toEqual(upTo(10));
    expect(messages(world, id).filter((text) => text.includes('NaN'))).toEqual([
      'train/loss became NaN at step 4; such points are not kept',
    ]);
    expect(messages(world, id).some((text) => text.includes('Infinity'))).toBe(false);
  });

  it('waits in the queue for the one before it', async () => {
    const world = fakeWorld();
    const first = await world.service.start({ config: { epochs: 2 } });
    const second = await world.service.start({ config: { epochs: 1 }, parent: first.id.slice(0, 10) });
    expect(second).toMatchObject({ status: 'queued', parent: first.id });
    expect(second.id > first.id).toBe(true);
    expect(await world.service.whenEnded(second.id)).toMatchObject({ status: 'finished' });
    expect(world.store.runs.get(first.id).status).toBe('finished');
  });
});

describe('a configuration that is refused', () => {
  it('leaves the store and the disk untouched', async () => {
    const world = fakeWorld();
    await expect(world.service.start({ config: { epochs: -1 } })).rejects.toMatchObject({
      code: 'invalid-input',
    });
    await expect(world.service.start({ config: { epochs: 1 }, parent: 'zzz' })).rejects.toMatchObject({
      code: 'not-found',
    });
    expect(world.store.runs.list()).toEqual([]);
    expect(fs.readdirSync(world.folder.runs)).toEqual([]);
    expect(world.pushes).toEqual([]);
    await expect(Promise.resolve(world.service.check({ config: { epochs: 0 } }))).rejects.toMatchObject({
      code: 'invalid-input',
    });
    expect(await world.service.check({ config: { epochs: 2 } })).toEqual({ config: { epochs: 2 } });
  });
});

describe('controls', () => {
  it('pause and resume go on from the checkpoint with no step twice and none missing', async () => {
    const world = fakeWorld();
    const { id } = await world.service.start({ config: { epochs: 3, pace: 5 } });
    await world.until(id, ({ stepsDone }) => stepsDone >= 3);
    await world.service.pause({ run: id });
    const paused = await world.service.whenEnded(id);
    expect(paused).toMatchObject({ status: 'paused', reason: null });
    const before = paused.stepsDone;
    expect(before).toBeLessThan(30);
    const sequence = world.told('metrics').at(-1)?.sequence ?? 0;
    expect(await world.service.resume({ run: id })).toMatchObject({ status: 'running', device: 'fake' });
    expect(await world.service.whenEnded(id)).toMatchObject({ status: 'finished', stepsDone: 30 });
    expect(steps(world, id)).toEqual(upTo(30));
    expect(world.told('metrics').at(-1)?.sequence).toBeGreaterThan(sequence);
    expect(messages(world, id)).toContain(`computing on fake (Fake) from step ${before}`);
  });

  it('a stopped run can be resumed, a finished one cannot', async () => {
    const world = fakeWorld();
    const { id } = await world.service.start({ config: { epochs: 2, pace: 5 } });
    await world.until(id, ({ stepsDone }) => stepsDone >= 1);
    await world.service.stop({ run: id });
    expect(await world.service.whenEnded(id)).toMatchObject({
      status: 'stopped',
      reason: 'stopped by request',
    });
    await world.service.resume({ run: id });
    expect(await world.service.whenEnded(id)).toMatchObject({ status: 'finished' });
    await expect(world.service.resume({ run: id })).rejects.toMatchObject({ code: 'conflict' });
    for (const ask of ['pause', 'stop', 'checkpoint'] as const) {
      expect(() => world.service[ask]({ run: id })).toThrow(expect.objectContaining({ code: 'conflict' }));
    }
  });

  it('a paused run can be stopped for good, a waiting one withdrawn', async () => {
    const world = fakeWorld();
    const first = await world.service.start({ config: { epochs: 50, pace: 5 } });
    const second = await world.service.start({ config: { epochs: 1 } });
    expect(await world.service.stop({ run: second.id })).toMatchObject({
      status: 'stopped',
      reason: 'stopped before it began',
    });
    await world.until(first.id, ({ stepsDone }) => stepsDone >= 1);
    await world.service.pause({ run: first.id });
    await world.service.whenEnded(first.id);
    expect(await world.service.stop({ run: first.id })).toMatchObject({
      status: 'stopped',
      reason: 'stopped by request',
    });
  });

  it('a checkpoint by hand is kept for ever', async () => {
    const world = fakeWorld();
    const { id } = await world.service.start({ config: { epochs: 5 } });
    await world.until(id, ({ stepsDone }) => stepsDone >= 2);
    await world.service.checkpoint({ run: id });
    await world.service.whenEnded(id);
    const { checkpoints } = await world.service.get({ run: id });
    expect(checkpoints.filter(({ kind }) => kind === 'manual')).toHaveLength(1);
    expect(checkpoints.map(({ id: name }) => `${name}.safetensors`).sort()).toEqual(files(world, id));
  });

  it('name, tags and notes can be changed by the beginning of an id', async () => {
    const world = fakeWorld();
    const { id } = await world.service.start({ config: { epochs: 1 } });
    await world.service.whenEnded(id);
    expect(
      await world.service.update({ run: id.slice(0, 4), name: 'better', tags: [], notes: 'n' }),
    ).toMatchObject({ id, name: 'better', tags: [], notes: 'n' });
  });

  it('closing the host pauses what runs; the next host goes on with it', async () => {
    const world = fakeWorld();
    const { id } = await world.service.start({ config: { epochs: 30, pace: 5 } });
    const { id: waiting } = await world.service.start({ config: { epochs: 1 } });
    await world.until(id, ({ stepsDone }) => stepsDone >= 2);
    await world.close();
    const next = fakeWorld(world.folder);
    expect(next.store.runs.get(id).status).toBe('paused');
    expect(messages(next, id)).toContain('Bitsmith is closing');
    expect(next.store.runs.get(waiting)).toMatchObject({
      status: 'stopped',
      reason: 'Bitsmith was closed before it began',
    });
    await next.service.resume({ run: id });
    expect(await next.service.whenEnded(id)).toMatchObject({ status: 'finished' });
    expect(steps(next, id)).toEqual(upTo(300));
  });
});

describe('a run whose process dies', () => {
  it('is crashed with its reason, and is resumed without its lost future', async () => {
    const world = fakeWorld();
    const { id } = await world.service.start({ config: { epochs: 3, at: 25, then: 'kill' } });
    expect(await world.service.whenEnded(id)).toMatchObject({
      status: 'crashed',
      reason: expect.stringContaining('SIGKILL'),
      stepsDone: 24,
    });
    expect(steps(world, id)).toEqual(upTo(24));
    fs.writeFileSync(checkpointFile(world.folder, id, 'epoch-30'), 'a file whose record was never told');
    fs.writeFileSync(path.join(runFolder(world.folder, id), '.epoch-30.safetensors.0.tmp'), 'half');
    await world.service.resume({ run: id });
    expect(steps(world, id).every((step) => step <= 20)).toBe(true);
    expect(files(world, id).filter((name) => name.includes('30'))).toEqual([]);
    expect(world.store.runs.get(id)).toMatchObject({
      bestValidationAccuracy: 0.2,
      stepsDone: 20,
      epochsDone: 2,
    });
    expect(await world.service.whenEnded(id)).toMatchObject({ status: 'finished' });
    expect(steps(world, id)).toEqual(upTo(30));
    expect(messages(world, id)).toContain('resumed from checkpoint epoch-20 (epoch 2, step 20)');
  });

  it('before its first checkpoint begins again from nothing', async () => {
    const world = fakeWorld();
    const { id } = await world.service.start({ config: { epochs: 1, at: 5, then: 'throw' } });
    expect(await world.service.whenEnded(id)).toMatchObject({
      status: 'crashed',
      reason: expect.stringContaining('RangeError: no memory'),
    });
    expect(steps(world, id)).toEqual(upTo(4));
    await world.service.resume({ run: id });
    expect(messages(world, id)).toContain('resumed from the beginning: there is no checkpoint yet');
    expect(await world.service.whenEnded(id)).toMatchObject({ status: 'crashed' });
    expect(steps(world, id)).toEqual(upTo(4));
  });

  it('that reports its own failure is failed with its words', async () => {
    const world = fakeWorld();
    const { id } = await world.service.start({ config: { epochs: 1, at: 2, then: 'fail' } });
    expect(await world.service.whenEnded(id)).toMatchObject({
      status: 'failed',
      reason: 'the data set is damaged',
    });
    expect(world.store.events.read(id).at(-1)).toMatchObject({
      level: 'error',
      message: 'failed: the data set is damaged',
    });
  });
});

describe('damaged checkpoints', () => {
  async function crashed(): Promise<{ world: FakeWorld; id: string }> {
    const world = fakeWorld();
    const { id } = await world.service.start({ config: { epochs: 4, at: 35, then: 'kill' } });
    await world.service.whenEnded(id);
    expect(files(world, id)).toEqual(['epoch-20.safetensors', 'epoch-30.safetensors']);
    return { world, id };
  }
  const spoil = (file: string, text: string): void => fs.writeFileSync(file, text);

  it.each([
    [
      'other bytes of the same length',
      (file: string) => spoil(file, '{"step":99}'),
      'does not have the SHA-256',
    ],
    ['a truncated file', (file: string) => spoil(file, '{'), 'has 1 bytes instead of 11'],
    ['a missing file', (file: string) => fs.rmSync(file), 'is missing'],
  ])('%s: the one before is taken, with a warning', async (_, damage, word) => {
    const { world, id } = await crashed();
    const file = checkpointFile(world.folder, id, 'epoch-30');
    damage(file);
    await world.service.resume({ run: id });
    const warnings = world.store.events.read(id).filter(({ level }) => level === 'warning');
    expect(warnings).toMatchObject([
      { message: expect.stringContaining(`checkpoint epoch-30 is damaged and was dropped: ${file}`) },
    ]);
    expect(warnings[0]?.message).toContain(word);
    expect(messages(world, id)).toContain('resumed from checkpoint epoch-20 (epoch 2, step 20)');
    await world.service.whenEnded(id);
    expect(steps(world, id)).toEqual(upTo(40));
  });

  it('all of them: refused, naming the files, with the run as it was', async () => {
    const { world, id } = await crashed();
    for (const name of files(world, id)) spoil(path.join(runFolder(world.folder, id), name), 'x');
    await expect(world.service.resume({ run: id })).rejects.toMatchObject({
      code: 'corrupt',
      message: expect.stringMatching(
        /none of its checkpoints is sound: .*epoch-30\.safetensors.*epoch-20\.safetensors/,
      ),
    });
    expect(world.store.runs.get(id).status).toBe('crashed');
    expect(world.store.checkpoints.list(id)).toHaveLength(2);
    expect(steps(world, id)).toEqual(upTo(34));
  });

  it('two resumes at once are one', async () => {
    const { world, id } = await crashed();
    const both = await Promise.allSettled([
      world.service.resume({ run: id }),
      world.service.resume({ run: id }),
    ]);
    expect(both.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
    await world.service.whenEnded(id);
    expect(steps(world, id)).toEqual(upTo(40));
  });
});
