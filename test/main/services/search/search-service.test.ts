import { describe, expect, it } from 'vitest';
import type { SearchConfigInput } from '#shared/search/config.ts';
import type { LeaderboardRow } from '#shared/search/leaderboard.ts';
import { checkSearch } from '#shared/search/check.ts';
import { openStore } from '#main/store/index.ts';
import { temporaryDataFolder } from '#test/main/store/support/temporary-folder.ts';
import { accuracyOf } from './fitness.ts';
import { fakeSearchConfig, searchWorld, type SearchWorld } from './support.ts';

const ASHA: Partial<SearchConfigInput> = {
  algorithm: { kind: 'asha', trials: 6, minEpochs: 1, reduction: 2 },
};

/** Two trials of a second each: long enough to step in, on a loaded machine too. */
const TWO_LONG = fakeSearchConfig(
  { space: { 'training.batchSize': { values: [20, 30] } } },
  { pace: 10 },
  100,
);

async function finished(world: SearchWorld, config: SearchConfigInput) {
  const { id } = await world.search.start({ config });
  const summary = await world.search.whenEnded(id);
  return { ...(await world.search.get({ search: id })), id, summary };
}

/** What has to be equal of two searches that found the same: everything but names and times. */
function comparable(rows: readonly LeaderboardRow[]) {
  return rows.map(({ run: _run, seconds: _seconds, ...row }) => row);
}

describe('a search', () => {
  it('trains every point of a grid as a run of its own and ranks them', async () => {
    const world = searchWorld();
    const { id, summary, leaderboard, trials } = await finished(world, fakeSearchConfig());
    expect(summary).toMatchObject({
      status: 'finished',
      reason: 'all 6 points of the grid are done',
      trials: { planned: 6, active: 0, waiting: 0, finished: 6, stopped: 0, failed: 0 },
      epochs: 24,
      best: { rank: 1, values: { 'training.learningRate': 0.1, 'training.batchSize': 20 } },
    });
    for (const { values, objective } of leaderboard) {
      const training = {
        epochs: 4,
        batchSize: Number(values['training.batchSize']),
        learningRate: { value: Number(values['training.learningRate']) },
      };
      expect(objective).toBe(accuracyOf({ notes: '', training }, 4));
    }
    expect(leaderboard.map(({ objective }) => objective)).toEqual(
      leaderboard.map(({ objective }) => objective).sort((a, b) => Number(b) - Number(a)),
    );
    const runs = await world.run.list({});
    expect(runs.map(({ name, status }) => [name, status])).toEqual(
      [6, 5, 4, 3, 2, 1].map((number) => [`six #${number}`, 'finished']),
    );
    expect(runs.every(({ tags }) => tags.includes(`search:${id}`))).toBe(true);
    expect(trials.map(({ run }) => run)).toEqual(runs.map(({ id: run }) => run).reverse());
    expect(trials[0]?.curve.map(([epoch]) => epoch)).toEqual([1, 2, 3, 4]);
    expect(world.mostAtOnce()).toBe(1);
    // The first one chose a device; the others took the same.
    expect(new Set(runs.map(({ device }) => device)).size).toBe(1);
  });

  it('trains as many at the same time as it may, and the host only one again after it', async () => {
    const world = searchWorld();
    await finished(world, fakeSearchConfig({ concurrency: 3 }, { pace: 30 }));
    expect(world.mostAtOnce()).toBe(3);
    const config = fakeSearchConfig({}, { pace: 200 }).run;
    const ids = [];
    for (let i = 0; i < 2; i++) ids.push((await world.run.start({ config })).id);
    expect(ids.map((id) => world.jobHost.state(id))).toEqual(['running', 'waiting']);
  });

  it('evolves generation by generation', async () => {
    const world = searchWorld();
    const algorithm = {
      kind: 'evolutionary',
      population: 4,
      generations: 2,
      retain: 0.5,
      randomSelect: 0,
    } as const;
    const { summary, trials } = await finished(world, fakeSearchConfig({ algorithm, concurrency: 2 }));
    expect(trials.map(({ generation }) => generation)).toEqual([0, 0, 0, 0, 1, 1]);
    expect(new Set(trials.map(({ values }) => JSON.stringify(values))).size).toBe(6);
    expect(summary).toMatchObject({ status: 'finished', reason: 'all 2 generations are done' });
  });
});

describe('successive halving', () => {
  it('makes each trial one run that pauses at its rung, goes on when promoted, and stops when not', async () => {
    const world = searchWorld();
    const { summary, leaderboard, trials } = await finished(world, fakeSearchConfig(ASHA));
    expect(summary).toMatchObject({
      status: 'finished',
      reason: 'all 6 trials are done',
      best: { epochs: 4, values: { 'training.learningRate': 0.1, 'training.batchSize': 20 } },
    });
    expect(new Set(trials.map(({ epochs }) => epochs))).toEqual(new Set([1, 2, 4]));
    for (const trial of trials) {
      const detail = await world.run.get({ run: trial.run ?? '' });
      expect(detail.summary.epochsDone).toBe(trial.epochs);
      // One run, never trained again from the start: each epoch has one point.
      expect(trial.curve.map(([epoch]) => epoch)).toEqual(
        Array.from({ length: trial.epochs }, (_, i) => i + 1),
      );
      if (trial.epochs === 4) {
        expect(detail.summary).toMatchObject({ status: 'finished' });
      } else {
        expect(trial).toMatchObject({
          status: 'stopped',
          reason: `not promoted beyond epoch ${trial.epochs}`,
        });
        expect(detail.summary).toMatchObject({ status: 'stopped', reason: trial.reason });
      }
    }
    expect(leaderboard[0]?.run).toBe(summary.best?.run);
    expect(summary.epochs).toBeLessThan(24);
  });
});

describe('early stopping', () => {
  it('stops trials below the median and keeps what they had', async () => {
    const world = searchWorld();
    const config = fakeSearchConfig(
      {
        // The best first: everything after the third is below the median.
        space: { 'training.batchSize': { values: [20, 25, 30, 100, 110] } },
        earlyStopping: { median: { minEpochs: 2, minTrials: 3 } },
      },
      { pace: 25 },
      40,
    );
    const { trials, leaderboard } = await finished(world, config);
    expect(trials.map(({ status }) => status)).toEqual([
      'finished',
      'finished',
      'finished',
      'stopped',
      'stopped',
    ]);
    for (const trial of trials.slice(3)) {
      expect(trial.reason).toMatch(/after 2 epochs, .* is below the median of finished trials/);
      expect(trial.target).toBe(2);
      expect(world.store.runs.get(trial.run ?? '')).toMatchObject({
        status: 'stopped',
        reason: trial.reason,
      });
    }
    const row = leaderboard.find(({ trial }) => trial === 4);
    expect(row?.objective).toBe(trials[3]?.curve.find(([epoch]) => epoch === 2)?.[1]);
  });
});

describe('a trial that goes wrong', () => {
  it('counts as worst when it diverges, and the search goes on', async () => {
    const world = searchWorld();
    const space = { 'training.learningRate': { values: [2, 0.1, 0.01] } };
    const { summary, leaderboard } = await finished(world, fakeSearchConfig({ space }));
    expect(summary).toMatchObject({ status: 'finished', trials: { finished: 2, failed: 1 } });
    expect(leaderboard.at(-1)).toMatchObject({
      rank: null,
      trial: 1,
      objective: null,
      reason: 'the loss diverged in epoch 1',
    });
  });

  it('ends the search when all of its first trials fail', async () => {
    const world = searchWorld();
    const space = { 'training.learningRate': { values: [2, 3, 4, 0.1] } };
    const { summary } = await finished(world, fakeSearchConfig({ space }));
    expect(summary).toMatchObject({ status: 'failed', trials: { failed: 3, finished: 0 } });
    expect(summary.reason).toMatch(/first 3 trials failed.*diverged/);
    await expect(async () => world.search.resume({ search: summary.id })).rejects.toThrow(/is failed/);
  });

  it('is resumed once after a crash, and fails after the second one', async () => {
    const world = searchWorld();
    const space = { 'training.batchSize': { values: [20, 30] } };
    const once = await finished(world, fakeSearchConfig({ space }, { crashes: 'once' }));
    expect(once.summary).toMatchObject({ status: 'finished', trials: { finished: 2 } });
    expect(once.trials.map(({ retries }) => retries)).toEqual([1, 1]);
    const always = await finished(world, fakeSearchConfig({ space }, { crashes: 'always' }));
    expect(always.summary.status).toBe('failed');
    expect(always.trials[0]?.reason).toMatch(/crashed 2 times: .*SIGKILL/);
  });

  it('that a person stops is stopped, and the search goes on', async () => {
    const world = searchWorld();
    const { id } = await world.search.start({ config: TWO_LONG });
    await world.until(id, (trials) => (trials[0]?.epochs ?? 0) >= 1);
    const run = world.store.searches.trials(id)[0]?.run ?? '';
    world.run.stop({ run });
    const summary = await world.search.whenEnded(id);
    expect(summary).toMatchObject({ status: 'finished', trials: { stopped: 1, finished: 1 } });
    expect(world.store.searches.trials(id)[0]).toMatchObject({
      status: 'stopped',
      reason: 'stopped by request',
    });
  });

  it('whose run a person pauses pauses the search, which goes on with it later', async () => {
    const world = searchWorld();
    const { id } = await world.search.start({ config: TWO_LONG });
    await world.until(id, (trials) => (trials[0]?.epochs ?? 0) >= 1);
    const run = world.store.searches.trials(id)[0]?.run ?? '';
    world.run.pause({ run });
    expect(await world.search.whenEnded(id)).toMatchObject({
      status: 'paused',
      reason: `run ${run} of trial 1 was paused`,
    });
    world.search.resume({ search: id });
    expect(await world.search.whenEnded(id)).toMatchObject({ status: 'finished', trials: { finished: 2 } });
    expect(world.store.searches.trials(id)[0]?.run).toBe(run);
  });
});

describe('a search that is interrupted', () => {
  it.each<[string, Partial<SearchConfigInput>]>([
    ['a grid', { concurrency: 2 }],
    ['an evolution', { algorithm: { kind: 'evolutionary', population: 4, generations: 3, retain: 0.5 } }],
    ['a successive halving', ASHA],
  ])('and resumed, as %s, comes to the same leaderboard as one that was not', async (_title, over) => {
    const config = fakeSearchConfig(over, { pace: 15 });
    const whole = await finished(searchWorld(), config);

    const world = searchWorld();
    const { id } = await world.search.start({ config });
    for (const count of [1, 3, 4]) {
      await world.until(
        id,
        (trials) => trials.length >= count && trials.some(({ status }) => status === 'active'),
      );
      world.search.pause({ search: id });
      expect((await world.search.whenEnded(id)).status).toBe('paused');
      expect(world.store.runs.live()).toEqual([]);
      world.search.resume({ search: id });
    }
    expect((await world.search.whenEnded(id)).status).toBe('finished');
    const { leaderboard } = await world.search.get({ search: id });
    expect(comparable(leaderboard)).toEqual(comparable(whole.leaderboard));
  });

  it('by closing the host is paused, and goes on in another one', async () => {
    const config = fakeSearchConfig({ concurrency: 2 }, { pace: 15 });
    const first = searchWorld();
    const { id } = await first.search.start({ config });
    await first.until(id, (trials) => trials.length >= 3);
    await first.close();
    const second = searchWorld(first.folder);
    expect(second.store.searches.get(id)).toMatchObject({ status: 'paused', reason: 'Bitsmith was closed' });
    second.search.resume({ search: id, config });
    expect(await second.search.whenEnded(id)).toMatchObject({ status: 'finished', trials: { finished: 6 } });
  });

  it('without a word is found as crashed', () => {
    const dataFolder = temporaryDataFolder();
    const host = openStore({ dataFolder, mode: 'write' });
    const { config } = checkSearch(fakeSearchConfig());
    host.searches.create({ id: 'dead', name: 'dead', createdAt: '', config, configHash: 'h' });
    host.close();
    const reader = openStore({ dataFolder, mode: 'read' });
    expect(reader.searches.get('dead')).toMatchObject({
      status: 'crashed',
      reason: expect.stringMatching(/resume it/),
    });
    reader.close();
  });

  it('is not resumed with another configuration, and the message names the field', async () => {
    const world = searchWorld();
    const config = fakeSearchConfig({}, { pace: 40 });
    const { id } = await world.search.start({ config });
    world.search.pause({ search: id });
    await world.search.whenEnded(id);
    const resume = async (document: unknown) => world.search.resume({ search: id, config: document });
    await expect(resume({ ...config, seed: 2 })).rejects.toThrow(
      /cannot be resumed with another configuration: seed was 1 and is 2/,
    );
    await expect(resume({ ...config, seed: 2 })).rejects.toThrow(
      expect.objectContaining({ code: 'conflict' }),
    );
    expect(world.store.searches.get(id).status).toBe('paused');
  });
});

describe('a search that a person ends', () => {
  it('stops at once, with its runs, and cannot go on', async () => {
    const world = searchWorld();
    const { id } = await world.search.start({ config: fakeSearchConfig({ concurrency: 2 }, { pace: 40 }) });
    await world.until(id, (trials) => trials.some(({ epochs }) => epochs >= 1));
    world.search.stop({ search: id });
    const summary = await world.search.whenEnded(id);
    expect(summary).toMatchObject({ status: 'stopped', reason: 'stopped by request', trials: { active: 0 } });
    expect(world.store.runs.list().every(({ status }) => status === 'stopped' || status === 'finished')).toBe(
      true,
    );
    await expect(async () => world.search.resume({ search: id })).rejects.toThrow(
      /is stopped; it cannot become running/,
    );
  });

  it('may be paused before', async () => {
    const world = searchWorld();
    const { id } = await world.search.start({ config: fakeSearchConfig({}, { pace: 40 }) });
    world.search.pause({ search: id });
    await world.search.whenEnded(id);
    const runs = world.store.runs.list().length;
    world.search.stop({ search: id });
    expect((await world.search.whenEnded(id)).status).toBe('stopped');
    expect(world.store.runs.list()).toHaveLength(runs);
    expect(world.store.runs.list().map(({ status }) => status)).not.toContain('paused');
  });

  it('is deleted alone, or with its runs, but not while it runs', async () => {
    const world = searchWorld();
    const space = { 'training.batchSize': { values: [20, 30] } };
    const one = await finished(world, fakeSearchConfig({ space }));
    await world.search.delete({ search: one.id, runs: false });
    expect(world.store.runs.list()).toHaveLength(2);
    const two = await finished(world, fakeSearchConfig({ space }));
    await world.run.delete({ runs: [two.trials[0]?.run ?? ''] });
    expect(world.store.searches.trials(two.id)[0]).toMatchObject({
      run: null,
      status: 'finished',
      epochs: 4,
    });
    await world.search.delete({ search: two.id, runs: true });
    expect(world.store.runs.list()).toHaveLength(2);
    expect(await world.search.list({})).toEqual([]);
    const { id } = await world.search.start({ config: fakeSearchConfig({}, { pace: 40 }) });
    await expect(world.search.delete({ search: id, runs: false })).rejects.toThrow(/is running; stop it/);
  });
});

describe('a search that cannot be', () => {
  it('leaves nothing behind', async () => {
    const world = searchWorld();
    const start = (over: Partial<SearchConfigInput>) =>
      world.search.start({ config: fakeSearchConfig(over) });
    await expect(start({ space: { 'training.rate': { values: [1, 2] } } })).rejects.toThrow(
      /unknown field "training\.rate"/,
    );
    expect(world.store.searches.list()).toEqual([]);
    expect(world.store.runs.list()).toEqual([]);
    expect(await world.search.check({ config: fakeSearchConfig() })).toMatchObject({ trials: 6, points: 6 });
    await expect(async () => world.search.get({ search: 'zzz' })).rejects.toThrow(/there is no search "zzz"/);
  });
});
