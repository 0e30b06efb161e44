import { BitsmithError } from '#shared/base/errors.ts';
import { RandomStream } from '#shared/base/random.ts';
import type { SearchDetail } from '#shared/contract/api/search.ts';
import type { Services } from '#shared/contract/index.ts';
import type { TopicName } from '#shared/contract/topics/index.ts';
import { ACTIVATION_FAMILIES } from '#shared/quant/parts/activation-families.ts';
import { checkSearch } from '#shared/search/check.ts';
import { SearchConfigSchema, type SearchConfigInput } from '#shared/search/config.ts';
import { leaderboard } from '#shared/search/leaderboard.ts';
import { goalOf } from '#shared/search/objective.ts';
import { plannedTrials } from '#shared/search/planned-trials.ts';
import { drawPoint, spaceSize } from '#shared/search/space.ts';
import { assertSearchTransition, type SearchStatus } from '#shared/search/status.ts';
import type { Trial } from '#shared/search/trial.ts';
import { FAKE_NOW, type FakeRun } from './fake-runs.ts';

const RUN = { dataset: { name: 'mnist' }, model: { preset: 'lenet5' }, training: { epochs: 9 } };
const TOT_NET = {
  ...RUN,
  quantization: { weights: { method: 'tot-net' }, activations: { method: 'tot-net' } },
};
const EXAMPLES: [SearchStatus, number, SearchConfigInput][] = [
  [
    'running',
    81,
    {
      name: 'TOT-Net: activation functions',
      run: TOT_NET,
      space: {
        'quantization.activations.left': { values: [...ACTIVATION_FAMILIES] },
        'quantization.activations.right': { values: [...ACTIVATION_FAMILIES] },
      },
      algorithm: { kind: 'evolutionary' },
    },
  ],
  [
    'finished',
    27,
    {
      name: 'learning rate and batch size',
      run: RUN,
      space: {
        'training.learningRate': { min: 1e-4, max: 1e-1, scale: 'log' },
        'training.batchSize': { values: [50, 100, 200] },
      },
      algorithm: { kind: 'asha' },
    },
  ],
  [
    'paused',
    3000,
    {
      name: 'everything at once, by chance',
      run: { ...RUN, training: { epochs: 9, optimizer: { kind: 'adamw' } } },
      space: {
        'training.learningRate': { min: 1e-4, max: 1e-1, scale: 'log' },
        'training.optimizer.weightDecay': { min: 0, max: 0.1 },
        'quantization.weights': { values: ['bnn', 'twn', 'ttq', 'lsq'].map((method) => ({ method })) },
        seed: { min: 1, max: 1000, integer: true },
      },
      algorithm: { kind: 'random', trials: 5000 },
    },
  ],
];

/** Searches with believable trials, for the window. */
export function fakeSearch(
  push: (topic: TopicName, payload: unknown) => void,
  runs: readonly FakeRun[],
): Services['search'] {
  const ids = runs.map(({ summary }) => summary.id);
  let examples: SearchDetail[] | undefined;
  /** Made at the first look: thousands of trials must not cost every test. */
  const all = () =>
    (examples ??=
      runs.length === 0
        ? []
        : EXAMPLES.map(([status, count, input], index) => fakeDetail(index, status, count, input, ids)));

  function find(id: string): SearchDetail {
    const found = all().find(({ summary }) => summary.id === id);
    if (!found) throw new BitsmithError('not-found', `there is no search "${id}"`, { search: id });
    return found;
  }
  function become(id: string, status: SearchStatus) {
    const { summary } = find(id);
    assertSearchTransition(id, summary.status, status);
    Object.assign(summary, {
      status,
      endedAt: status === 'running' ? null : new Date(FAKE_NOW).toISOString(),
    });
    push('searches-changed', { search: id });
    return summary;
  }

  return {
    list: () => all().map(({ summary }) => summary),
    get: ({ search }) => find(search),
    check({ config: document }) {
      const { config } = checkSearch(document);
      const points = spaceSize(config.space);
      return { config, trials: plannedTrials(config), points: Number.isFinite(points) ? points : null };
    },
    start({ config }) {
      checkSearch(config);
      const started = fakeDetail(all().length, 'running', 0, config as SearchConfigInput, []);
      all().unshift(started);
      push('searches-changed', { search: started.summary.id });
      return started.summary;
    },
    pause: ({ search }) => become(search, 'paused'),
    resume: ({ search }) => become(search, 'running'),
    stop: ({ search }) => become(search, 'stopped'),
    delete({ search }) {
      all().splice(all().indexOf(find(search)), 1);
      push('searches-changed', { search });
      return {};
    },
  };
}

function fakeDetail(
  index: number,
  status: SearchStatus,
  count: number,
  input: SearchConfigInput,
  runs: readonly string[],
): SearchDetail {
  const config = SearchConfigSchema.parse(input);
  const trials = Array.from({ length: count }, (_, i) =>
    fakeTrial(config, i + 1, status, i >= count - 2, runs),
  );
  const rows = leaderboard(config, trials);
  const of = (wanted: Trial['status']) => trials.filter((trial) => trial.status === wanted).length;
  const createdAt = new Date(FAKE_NOW - (index + 1) * 7_200_000).toISOString();
  const summary: SearchDetail['summary'] = {
    id: `s${index + 1}`,
    name: config.name,
    status,
    reason: status === 'finished' ? `all ${count} trials are done` : null,
    algorithm: config.algorithm.kind,
    objective: { ...config.objective, goal: goalOf(config.objective) },
    createdAt,
    endedAt: status === 'running' ? null : new Date(FAKE_NOW).toISOString(),
    trials: {
      planned: plannedTrials(config),
      active: of('active'),
      waiting: of('waiting'),
      finished: of('finished'),
      stopped: of('stopped'),
      failed: of('failed'),
    },
    epochs: trials.reduce((sum, { epochs }) => sum + epochs, 0),
    seconds: trials.reduce((sum, { seconds }) => sum + seconds, 0),
    best: rows.find(({ rank }) => rank === 1) ?? null,
    configHash: 'fake',
  };
  return { summary, config, leaderboard: rows, trials };
}

function fakeTrial(
  config: ReturnType<typeof SearchConfigSchema.parse>,
  number: number,
  search: SearchStatus,
  newest: boolean,
  runs: readonly string[],
): Trial {
  const random = new RandomStream(number, 'fake-trial');
  const asha = config.algorithm.kind === 'asha';
  const active = search === 'running' && newest;
  const failed = number % 13 === 7;
  const epochs = active ? 4 : failed ? 1 : asha ? ([9, 3, 1, 1, 1][number % 5] ?? 1) : 9;
  const evolving = config.algorithm.kind === 'evolutionary';
  // Twenty at first, then sixteen children of each four parents.
  const generation = number <= 20 ? 0 : 1 + Math.floor((number - 21) / 16);
  const plateau = 0.93 + 0.05 * random.nextUniform() + (evolving ? 0.002 * generation : 0);
  const at = new Date(FAKE_NOW - 7_200_000 + number * 60_000).toISOString();
  return {
    number,
    run: failed ? null : (runs[number % runs.length] ?? null),
    values: drawPoint(config.space, random),
    status: active ? 'active' : failed ? 'failed' : asha && epochs < 9 ? 'stopped' : 'finished',
    reason: failed
      ? 'the loss is no finite number any more at step 200; lower "training.learningRate"'
      : asha && epochs < 9 && !active
        ? `not promoted beyond epoch ${epochs}`
        : null,
    generation: evolving ? generation : null,
    target: active ? 9 : epochs,
    epochs,
    curve: Array.from({ length: epochs }, (_, e) => [e + 1, plateau - 0.3 * Math.exp(-1 - e)]),
    seconds: epochs * 21,
    retries: 0,
    createdAt: at,
    endedAt: active ? null : at,
  };
}
