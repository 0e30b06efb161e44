import { describe, expect, it } from 'vitest';
import { leaderboard } from '#shared/search/leaderboard.ts';
import { median, medianVerdict } from '#shared/search/median-rule.ts';
import { objectiveAt } from '#shared/search/objective.ts';
import { nextStep } from '#shared/search/next-step.ts';
import { assertSearchTransition } from '#shared/search/status.ts';
import { searchConfig, simulate, type Fitness } from './simulate.ts';

const SPACE = { 'training.batchSize': { values: [10, 20, 30, 40, 50, 60] } };
const grid = (over: Record<string, unknown> = {}) =>
  searchConfig({ space: SPACE, algorithm: { kind: 'grid' }, ...over });
const size = (values: Record<string, unknown>) => Number(values['training.batchSize']);
/** Falls with the batch size, rises with the epochs. */
const falling: Fitness = (values, epoch) => 0.9 - size(values) / 100 + epoch / 100;

describe('a budget', () => {
  it('of trials is kept exactly', () => {
    const { trials, end } = simulate(grid({ budget: { trials: 4 } }), falling, { concurrency: 3 });
    expect(trials).toHaveLength(4);
    expect(end).toEqual({ kind: 'end', status: 'finished', reason: 'its budget of 4 trials is used up' });
  });

  it('of epochs is never exceeded, not even by trials at work', () => {
    const { trials, end } = simulate(grid({ budget: { epochs: 30 } }), falling, { concurrency: 5 });
    expect(trials.reduce((sum, { epochs }) => sum + epochs, 0)).toBe(24);
    expect(end.reason).toMatch(/budget of 30 epochs leaves no room for another trial \(24 are used\)/);
  });

  it('of hours lets nothing new begin', () => {
    // A trial takes 8 minutes.
    const { trials, end } = simulate(grid({ budget: { hours: 0.25 } }), falling);
    expect(trials).toHaveLength(2);
    expect(end.reason).toMatch(/0\.25 hours/);
  });
});

describe('patience', () => {
  it('ends a search whose best does not improve any more', () => {
    const { trials, end } = simulate(grid({ earlyStopping: { patience: 2 } }), falling);
    expect(trials).toHaveLength(3);
    expect(end).toMatchObject({ status: 'finished', reason: 'the last 2 trials did not improve its best' });
  });

  it('takes only what is worth it for an improvement', () => {
    const rising: Fitness = (values) => size(values) / 1000;
    expect(simulate(grid({ earlyStopping: { patience: 2 } }), rising).trials).toHaveLength(6);
    const strict = grid({ earlyStopping: { patience: 2, minImprovement: 0.025 } });
    // 0.01 is the best, 0.02 and 0.03 are not 0.025 above it.
    expect(simulate(strict, rising).trials).toHaveLength(3);
  });
});

describe('failures', () => {
  const failsBelow =
    (least: number): Fitness =>
    (values, epoch) =>
      size(values) < least ? null : falling(values, epoch);

  it('count as worst and do not end a search', () => {
    const config = grid();
    const { trials, end } = simulate(config, failsBelow(30));
    expect(end.status).toBe('finished');
    const rows = leaderboard(config, trials);
    expect(rows.map(({ trial }) => trial)).toEqual([3, 4, 5, 6, 1, 2]);
    expect(rows.map(({ rank }) => rank)).toEqual([1, 2, 3, 4, null, null]);
  });

  it('of all first trials end it with the reason', () => {
    const { trials, end } = simulate(grid(), failsBelow(50));
    expect(trials).toHaveLength(3);
    expect(end).toMatchObject({
      status: 'failed',
      reason: 'all of its first 3 trials failed, the last one because: the loss is no finite number any more',
    });
  });

  it('of all trials of a short search end it as failed too', () => {
    const config = grid({ budget: { trials: 2 } });
    expect(simulate(config, () => null).end).toMatchObject({ status: 'failed' });
  });

  it('of a candidate that the schema refuses are told with the step', () => {
    const config = searchConfig({
      space: {
        'training.phases': { values: [[{ name: 'a', epochs: 8 }]] },
        'training.batchSize': { values: [1, 2] },
      },
      algorithm: { kind: 'grid' },
    });
    const impossible = { ...config, space: { ...config.space, 'training.epochs': { values: [3] } } };
    expect(nextStep(impossible, [])).toMatchObject({
      kind: 'start',
      problem: expect.stringContaining('epochs'),
    });
  });
});

describe('the leaderboard', () => {
  it('ranks by the best value of each trial, or by its last', () => {
    const peaked: Fitness = (values, epoch) => (epoch === 2 ? size(values) / 100 : 0.5 - size(values) / 1000);
    const best = simulate(grid(), peaked);
    const last = grid({ objective: { select: 'last' } });
    expect(leaderboard(grid(), best.trials)[0]).toMatchObject({ trial: 6, objective: 0.6 });
    expect(leaderboard(last, best.trials)[0]).toMatchObject({ trial: 1, objective: 0.49 });
  });

  it('ranks a loss the other way round', () => {
    const config = grid({ objective: { series: 'validation/loss' } });
    expect(leaderboard(config, simulate(config, falling).trials)[0]).toMatchObject({ trial: 6, rank: 1 });
  });

  it('judges by nothing after the epoch until which a trial counts', () => {
    expect(
      objectiveAt(
        { series: 'validation/accuracy', select: 'best' },
        [
          [1, 0.1],
          [2, 0.4],
          [3, 0.9],
        ],
        2,
      ),
    ).toBe(0.4);
    expect(objectiveAt({ series: 'validation/accuracy', select: 'best' }, [], 2)).toBeNull();
  });
});

describe('the median rule', () => {
  const config = grid({ earlyStopping: { median: { minEpochs: 2, minTrials: 3 } } });
  const { trials } = simulate(grid(), falling);
  const [one, two, three, ...rest] = trials;
  const done = [one, two, three].flatMap((trial) => (trial ? [trial] : []));
  const running = (curve: [number, number][]) => ({ ...rest[0]!, status: 'active' as const, curve });

  it('stops a trial whose best is below the median of the running averages', () => {
    // At epoch 2 the averages of 10, 20 and 30 are 0.815, 0.715 and 0.615.
    const slow = running([
      [1, 0.5],
      [2, 0.714],
    ]);
    expect(medianVerdict(config, slow, done)).toEqual({
      epoch: 2,
      reason: expect.stringMatching(/after 2 epochs, 0\.7140, is below.*0\.7150/),
    });
    const good = running([
      [1, 0.716],
      [2, 0.1],
    ]);
    expect(medianVerdict(config, good, done)).toBeNull();
  });

  it('judges each epoch once, the first one first', () => {
    const recovers = running([
      [1, 0.1],
      [2, 0.2],
      [3, 0.3],
      [4, 0.9],
    ]);
    expect(medianVerdict(config, recovers, done)?.epoch).toBe(2);
    expect(medianVerdict(config, recovers, done, 2)?.epoch).toBe(3);
    expect(medianVerdict(config, recovers, done, 3)).toBeNull();
  });

  it('spares a trial before its first epochs, at its last one, and while few have finished', () => {
    expect(medianVerdict(config, running([[1, 0]]), done)).toBeNull();
    expect(medianVerdict(config, running([[8, 0]]), done)).toBeNull();
    expect(medianVerdict(config, running([[2, 0]]), done.slice(1))).toBeNull();
    expect(medianVerdict(grid(), running([[2, 0]]), done)).toBeNull();
  });

  it('knows a median', () => {
    expect(median([5, 1, 3])).toBe(3);
    expect(median([4, 1, 2, 8])).toBe(3);
  });
});

describe('the states of a search', () => {
  it('leave what is over as it is', () => {
    expect(() => assertSearchTransition('s', 'paused', 'running')).not.toThrow();
    expect(() => assertSearchTransition('s', 'finished', 'running')).toThrow(
      /search s is finished; it cannot become running/,
    );
  });
});
