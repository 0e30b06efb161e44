import { beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { RunSummarySchema, type MetricPoint } from '#shared/run/record.ts';
import { canFollow, isLive, RUN_STATUSES, type RunStatus } from '#shared/run/status.ts';
import type { Bundle, VerifyResult } from '#shared/contract/api/export.ts';
import { openStore, type Store } from '#main/store/index.ts';
import { newRun } from './support/new-run.ts';
import { temporaryDataFolder } from './support/temporary-folder.ts';

let store: Store;
beforeEach(() => {
  store = openStore({ dataFolder: temporaryDataFolder(), mode: 'write' });
  onTestFinished(() => store.close());
});

const at = '2026-01-02T00:00:00.000Z';

/** The shortest way to a status. */
const WAY: Record<RunStatus, RunStatus[]> = {
  queued: [],
  running: ['running'],
  paused: ['running', 'paused'],
  finished: ['running', 'finished'],
  stopped: ['stopped'],
  failed: ['failed'],
  crashed: ['crashed'],
};

function runIn(status: RunStatus): string {
  const id = `${status}-${store.runs.list().length}`;
  store.runs.create(newRun(id));
  for (const to of WAY[status]) store.runs.setStatus(id, to, { at });
  return id;
}

describe('the status of a run', () => {
  const pairs = RUN_STATUSES.flatMap((from) => RUN_STATUSES.map((to) => ({ from, to })));

  it.each(pairs)('$from → $to happens exactly when the state machine allows it', ({ from, to }) => {
    const id = runIn(from);
    if (canFollow(from, to)) {
      expect(store.runs.setStatus(id, to, { at, reason: 'because' })).toMatchObject({
        status: to,
        reason: 'because',
      });
    } else {
      expect(() => store.runs.setStatus(id, to, { at })).toThrow(
        expect.objectContaining({ code: 'conflict' }),
      );
      expect(store.runs.get(id).status).toBe(from);
    }
  });

  it('sets the start once and the end with each end', () => {
    const id = runIn('running');
    store.runs.setStatus(id, 'crashed', { at: '2026-01-03', reason: 'killed' });
    expect(store.runs.get(id)).toMatchObject({ startedAt: at, endedAt: '2026-01-03', reason: 'killed' });
    store.runs.setStatus(id, 'queued', { at: '2026-01-04' });
    store.runs.setStatus(id, 'running', { at: '2026-01-05' });
    expect(store.runs.get(id)).toMatchObject({ startedAt: at, endedAt: null, reason: null });
  });

  it.each(RUN_STATUSES)('%s leaves no estimate behind unless it runs', (status) => {
    const id = runIn('running');
    store.runs.setProgress(id, {
      epochsDone: 1,
      stepsDone: 5,
      stepsTotal: 9,
      stepsPerSecond: 2,
      etaSeconds: 2,
    });
    if (status === 'running' || !canFollow('running', status)) return;
    expect(store.runs.setStatus(id, status, { at })).toMatchObject({
      etaSeconds: null,
      stepsPerSecond: 2,
      stepsDone: 5,
    });
    expect(isLive(status)).toBe(false);
  });
});

describe('runs', () => {
  it('come back as they went in, and fit the contract', () => {
    store.runs.create(newRun('a', { parent: null, tags: ['x', 'x', 'y'], notes: 'n' }));
    store.runs.create(newRun('b', { parent: 'a', kind: 'prune' }));
    const [b, a] = store.runs.list();
    expect(a).toMatchObject({
      id: 'a',
      status: 'queued',
      tags: ['x', 'y'],
      notes: 'n',
      weightMethods: ['twn'],
    });
    expect(b).toMatchObject({ id: 'b', parent: 'a', kind: 'prune' });
    for (const run of store.runs.list()) expect(RunSummarySchema.parse(run)).toEqual(run);
    expect(store.runs.config('a')).toEqual({ training: { epochs: 3 } });
  });

  it('refuse a second one of the same id, an unknown parent, and one that is not there', () => {
    store.runs.create(newRun('a'));
    expect(() => store.runs.create(newRun('a'))).toThrow(/UNIQUE/);
    expect(() => store.runs.create(newRun('c', { parent: 'nobody' }))).toThrow(/FOREIGN KEY/);
    expect(() => store.runs.get('c')).toThrow(expect.objectContaining({ code: 'not-found' }));
    expect(() => store.runs.update('c', { name: 'x' })).toThrow(
      expect.objectContaining({ code: 'not-found' }),
    );
  });

  it('change name, tags and notes, each alone', () => {
    store.runs.create(newRun('a'));
    expect(store.runs.update('a', { name: 'new' })).toMatchObject({ name: 'new', notes: '' });
    expect(store.runs.update('a', { tags: ['t'] })).toMatchObject({ name: 'new', tags: ['t'] });
    expect(store.runs.update('a', { notes: 'n' })).toMatchObject({ tags: ['t'], notes: 'n' });
    expect(store.runs.update('a', {})).toMatchObject({ name: 'new', tags: ['t'], notes: 'n' });
  });

  it('keep the best validation accuracy', () => {
    store.runs.create(newRun('a'));
    for (const value of [0.5, 0.9, 0.7]) store.runs.raiseBest('a', value);
    expect(store.runs.get('a').bestValidationAccuracy).toBe(0.9);
  });

  it('go with all that belongs to them; children and bundles stay', () => {
    store.runs.create(newRun('a'));
    store.runs.create(newRun('b', { parent: 'a' }));
    store.series.add('a', [{ series: 's', step: 1, epoch: 1, time: 1, value: 1 }]);
    store.histograms.add('a', [{ layer: 'l', epoch: 1, step: 1, edges: [0, 1], counts: [2], codes: {} }]);
    store.events.add('a', { at, level: 'info', message: 'm' });
    store.checkpoints.add({
      id: 'c',
      run: 'a',
      epoch: 1,
      step: 1,
      kind: 'epoch',
      sha256: '',
      bytes: 1,
      validationAccuracy: null,
      createdAt: at,
    });
    store.bundles.add({ id: 'f', run: 'a', createdAt: at } as Bundle);
    store.runs.remove('a');
    expect(store.runs.get('b').parent).toBeNull();
    expect(store.bundles.list('a')).toHaveLength(1);
    store.runs.create(newRun('a'));
    expect([
      store.series.read('a'),
      store.histograms.read('a'),
      store.events.read('a'),
      store.checkpoints.list('a'),
    ]).toEqual([[], [], [], []]);
  });
});

describe('series', () => {
  const point = (series: string, step: number, value: number): MetricPoint => ({
    series,
    step,
    epoch: step / 10,
    time: step / 7,
    value,
  });

  it('keep 100,000 points exactly, whatever the order they come in', () => {
    store.runs.create(newRun('a'));
    const points = Array.from({ length: 100_000 }, (_, i) => {
      const step = (i * 7919) % 50_000; // a permutation of the steps, twice: once per series
      return point(i < 50_000 ? 'train/loss' : 'train/accuracy', step, Math.sin(step) * 1e-7 + Math.PI);
    });
    for (let i = 0; i < points.length; i += 5000) store.series.add('a', points.slice(i, i + 5000));
    const [accuracy, loss] = store.series.read('a');
    expect([accuracy?.name, loss?.name]).toEqual(['train/accuracy', 'train/loss']);
    for (const series of [accuracy, loss]) {
      expect(series?.step).toEqual(Array.from({ length: 50_000 }, (_, i) => i));
      expect(series?.epoch).toEqual(Array.from({ length: 50_000 }, (_, i) => i / 10));
      expect(series?.time).toEqual(Array.from({ length: 50_000 }, (_, i) => i / 7));
      expect(series?.value).toEqual(Array.from({ length: 50_000 }, (_, i) => Math.sin(i) * 1e-7 + Math.PI));
    }
    expect(store.series.read('a', ['train/loss', 'nothing']).map(({ name }) => name)).toEqual(['train/loss']);
  });

  it('take the newer point for the same step', () => {
    store.runs.create(newRun('a'));
    store.series.add('a', [point('s', 1, 1), point('s', 1, 2)]);
    store.series.add('a', [point('s', 1, 3)]);
    expect(store.series.read('a')[0]?.value).toEqual([3]);
  });

  it('do not mix between runs', () => {
    store.runs.create(newRun('a'));
    store.runs.create(newRun('b'));
    store.series.add('a', [point('s', 1, 1)]);
    store.series.add('b', [point('s', 1, 2)]);
    store.series.removeAfter('a', 0);
    expect(store.series.read('b')[0]?.value).toEqual([2]);
  });

  it('tell their last, smallest and largest value, and forget a lost future', () => {
    store.runs.create(newRun('a'));
    store.series.add('a', [point('s', 3, 9), point('s', 1, 5), point('s', 2, -4)]);
    expect(store.series.extents('a')).toEqual([{ series: 's', last: 9, min: -4, max: 9 }]);
    expect(store.series.removeAfter('a', 2)).toBe(1);
    expect(store.series.extents('a')).toEqual([{ series: 's', last: -4, min: -4, max: 5 }]);
    store.series.removeAfter('a', 0);
    expect(store.series.extents('a')).toEqual([]);
  });
});

describe('histograms, events, checkpoints and bundles', () => {
  it('histograms keep every bit and the order of steps', () => {
    store.runs.create(newRun('a'));
    const row = (step: number) => ({
      layer: 'conv1',
      epoch: step,
      step,
      edges: [-1, 0.1, Math.E],
      counts: [3, 2 ** 40],
      codes: { '-1': 1 / 3, '0': 2 / 3 },
    });
    store.histograms.add('a', [row(2), row(1)]);
    expect(store.histograms.read('a')).toEqual([row(1), row(2)]);
    store.histograms.removeAfter('a', 1);
    expect(store.histograms.read('a')).toEqual([row(1)]);
  });

  it('events stay in the order they were told in, even with one time stamp', () => {
    store.runs.create(newRun('a'));
    const messages = Array.from({ length: 20 }, (_, i) => `message ${i}`);
    for (const message of messages) store.events.add('a', { at, level: 'info', message });
    expect(store.events.read('a').map(({ message }) => message)).toEqual(messages);
  });

  it('checkpoints come back in the order of steps', () => {
    store.runs.create(newRun('a'));
    const record = (id: string, step: number) => ({
      id,
      run: 'a',
      epoch: step,
      step,
      kind: 'epoch' as const,
      sha256: 'x',
      bytes: 9,
      validationAccuracy: 0.5,
      createdAt: at,
    });
    store.checkpoints.add(record('z', 1));
    store.checkpoints.add(record('b', 3));
    store.checkpoints.add(record('a', 2));
    expect(store.checkpoints.list('a')).toEqual([record('z', 1), record('a', 2), record('b', 3)]);
    store.checkpoints.remove('a', 'a');
    expect(store.checkpoints.find('a', 'a')).toBeUndefined();
    store.checkpoints.removeAfter('a', 1);
    expect(store.checkpoints.list('a')).toEqual([record('z', 1)]);
  });

  it('bundles keep their record and the last verdict', () => {
    const bundle = { id: 'f', run: 'gone', createdAt: at, files: ['a.c'] } as Bundle;
    const verdict: VerifyResult = {
      bundle: 'f',
      passed: true,
      samples: { asked: 9, taken: 9, source: 'test', adversarial: 2, thresholdsHit: 1, thresholds: 4 },
      host: {
        core: 'host',
        runner: 'gcc',
        ran: true,
        reason: null,
        matched: 11,
        total: 11,
        firstMismatch: null,
        accuracy: 1,
        instructionsPerInference: null,
        layers: [],
        flashBytes: null,
        ramBytes: null,
      },
      cores: [],
    };
    store.bundles.add(bundle);
    expect(store.bundles.find('f')).toEqual(bundle);
    expect(store.bundles.verify('f')).toBeNull();
    store.bundles.setVerify(verdict);
    expect(store.bundles.verify('f')).toEqual(verdict);
    store.bundles.setVerify({ bundle: 'f', passed: true, cores: [] } as unknown as VerifyResult);
    expect(store.bundles.verify('f'), 'a verdict of an earlier version').toBeNull();
    expect(() => store.bundles.setVerify({ ...verdict, bundle: 'g' })).toThrow(
      expect.objectContaining({ code: 'not-found' }),
    );
    store.bundles.remove('f');
    expect(store.bundles.list()).toEqual([]);
  });
});
