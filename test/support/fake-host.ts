import { BitsmithError } from '#shared/base/errors.ts';
import { RandomStream } from '#shared/base/random.ts';
import type { Services } from '#shared/contract/index.ts';
import type { TopicName } from '#shared/contract/topics/index.ts';
import { NO_COLUMNS } from '#shared/run/compare/columns.ts';
import { compareRuns } from '#shared/run/compare/compare-runs.ts';
import type { CurveAnswer, CurveRequest } from '#shared/run/compare/curves.ts';
import { drawCurves } from '#shared/run/compare/draw-curves.ts';
import type { Series } from '#shared/run/record.ts';
import { assertTransition } from '#shared/run/status.ts';
import type { Host } from '#main/ipc/host-types.ts';
import { readRecipes } from '#main/services/catalogue/recipes.ts';
import { FAKE_BENCHMARK, FAKE_DIAGNOSTICS } from './fake-machine.ts';
import { FAKE_CATALOGUE, FAKE_DEVICES, FAKE_PROBE, FAKE_TARGETS } from './fake-catalogue.ts';
import { appendPoint, histogramsOf, pointsAt } from './fake-curves.ts';
import { fakeComparison } from './fake-comparison.ts';
import { fakeConfusion } from './fake-confusion.ts';
import { fakeDatasets } from './fake-datasets.ts';
import { fakeDrafts } from './fake-drafts.ts';
import { fakeExport } from './fake-export.ts';
import { fakeModel } from './fake-model.ts';
import { FAKE_NOW, fakeCheckpoint, fakeConfig, fakeRun, seriesOf, type FakeRun } from './fake-runs.ts';
import { fakeSearch } from './fake-search.ts';
import { fakeSparsity } from './fake-sparsity.ts';
import { FakeTasks } from './fake-tasks.ts';
import { fakeTending } from './fake-tending.ts';

export interface FakeHostOptions {
  /** How many runs are in the store at the start. */
  runs?: number;
  /** Points of every series of a finished run: 10,000 for measuring how the window draws them. */
  points?: number;
  /** Data sets that are installed at the start; default: as in the catalogue. */
  installed?: string[];
  /** `feature.call` → the error that it answers. Can be changed while it runs. */
  failing?: Map<string, BitsmithError>;
  /** Milliseconds between two steps of a running run; 0: runs stand still. */
  tick?: number;
  /** Milliseconds of one progress step of a task. */
  taskTick?: number;
  shell?: 'electron' | 'browser';
  /** Classes of confusion matrices; default 10. */
  classes?: number;
  /** Layer in which exported firmware differs from the reference; absent: it is exact. */
  wrongLayer?: string;
}

export interface FakeHost extends Host {
  runs: FakeRun[];
  failing: Map<string, BitsmithError>;
  push(topic: TopicName, payload: unknown): void;
  /** Lets a running run compute `steps` steps now. `silent`: without telling, as if a push were lost. */
  advance(run: string, steps: number, silent?: boolean): void;
}

/** A host in memory with believable data: the window is built and tested against it. */
export function createFakeHost(options: FakeHostOptions = {}): FakeHost {
  const listeners = new Set<(topic: TopicName, payload: unknown) => void>();
  const push = (topic: TopicName, payload: unknown) =>
    listeners.forEach((listener) => listener(topic, payload));
  const failing = options.failing ?? new Map<string, BitsmithError>();
  const runs = Array.from({ length: options.runs ?? 24 }, (_, index) =>
    fakeRun(index, FAKE_NOW, options.points),
  );
  const catalogue = FAKE_CATALOGUE.map((entry) => ({
    ...entry,
    installed: options.installed ? options.installed.includes(entry.name) : entry.installed,
  }));
  const tasks = new FakeTasks((task) => push('task-changed', task), options.taskTick ?? 40);
  const random = new RandomStream(7, 'live');

  function find(id: string): FakeRun {
    const run = runs.find((candidate) => candidate.summary.id === id);
    if (!run) throw new BitsmithError('not-found', `there is no run "${id}"`, { run: id });
    return run;
  }

  function become(id: string, status: FakeRun['summary']['status']) {
    const run = find(id);
    assertTransition(id, run.summary.status, status);
    const live = status === 'running';
    Object.assign(run.summary, {
      status,
      reason: status === 'stopped' ? 'stopped by hand' : null,
      endedAt: status === 'stopped' || status === 'finished' ? new Date(FAKE_NOW).toISOString() : null,
      stepsPerSecond: live ? 38.2 : null,
      etaSeconds: live ? (run.summary.stepsTotal - run.summary.stepsDone) / 38.2 : null,
    });
    log(run, `run is ${status}`);
    push('runs-changed', { run: id });
    return run.summary;
  }

  function log(run: FakeRun, message: string) {
    const event = { at: new Date(FAKE_NOW).toISOString(), level: 'info' as const, message };
    run.events.push(event);
    push('run-log', { run: run.summary.id, ...event });
  }

  function advance(id: string, steps: number, silent = false): void {
    const run = find(id);
    const { summary } = run;
    if (summary.status !== 'running') return;
    const points = [];
    for (let i = 0; i < steps && summary.stepsDone < summary.stepsTotal; i++) {
      summary.stepsDone++;
      const fresh = pointsAt(run.curve, summary.stepsDone, random);
      const series = seriesOf(run);
      fresh.forEach((point) => appendPoint(series, point));
      points.push(...fresh);
      if (summary.stepsDone % run.curve.stepsPerEpoch === 0) {
        summary.epochsDone++;
        run.checkpoints.push(
          fakeCheckpoint(summary, run.curve, summary.epochsDone, () => new Date(FAKE_NOW).toISOString()),
        );
        log(run, `epoch ${summary.epochsDone} of ${summary.epochs} done`);
      }
    }
    run.sequence++;
    summary.etaSeconds = (summary.stepsTotal - summary.stepsDone) / 38.2;
    if (!silent) push('metrics', { run: id, sequence: run.sequence, points });
    if (summary.stepsDone >= summary.stepsTotal) {
      summary.accuracy = run.curve.plateau;
      summary.loss = 0.11;
      become(id, 'finished');
    }
  }

  /** A run that has just begun, of a configuration as it was given. */
  function begin(config: unknown, name: string) {
    const run = fakeRun(100_000 + runs.length);
    Object.assign(run, { config, series: new Map(), events: [], checkpoints: [], sequence: 0 });
    Object.assign(run.summary, {
      name,
      status: 'running',
      reason: null,
      createdAt: new Date(FAKE_NOW).toISOString(),
      startedAt: new Date(FAKE_NOW).toISOString(),
      endedAt: null,
      dataset: 'mnist',
      model: 'lenet-5',
      weightMethods: ['twn'],
      activationMethods: ['gxnor'],
      device: 'webgpu',
      deviceName: 'NVIDIA H200',
      epochsDone: 0,
      stepsDone: 0,
      accuracy: null,
      loss: null,
      bestValidationAccuracy: null,
      stepsPerSecond: 38.2,
      etaSeconds: 63,
    });
    runs.unshift(run);
    push('runs-changed', { run: run.summary.id });
    return run.summary;
  }

  const exporting = fakeExport(tasks, find, push, FAKE_TARGETS, options.wrongLayer);
  const services: Services = {
    ...fakeDrafts(push),
    app: {
      info: () => ({
        version: '0.1.0',
        dataFolder: '/home/ada/.local/share/bitsmith',
        platform: 'linux x64',
        node: 'v24.21.0',
        shell: options.shell ?? 'browser',
      }),
      diagnostics: () => FAKE_DIAGNOSTICS,
    },
    catalogue: {
      recipes: () => readRecipes(),
      methods: () => [],
      models: () => [
        {
          id: 'lenet-5',
          title: 'LeNet-5',
          description: 'Two convolutions',
          parameters: 61_706,
          macs: 416_520,
        },
      ],
    },
    confusion: fakeConfusion(find, tasks, options.classes),
    device: {
      list: () => FAKE_DEVICES,
      bench: () =>
        tasks.start('Benchmark', { benchmark: 'all' }, ['Training on WebGPU …'], () => FAKE_BENCHMARK),
    },
    dataset: fakeDatasets(catalogue, tasks, (name) => push('datasets-changed', { name })),
    run: {
      ...fakeTending(runs, find, push),
      list: () => runs.map((run) => run.summary),
      get: ({ run }) => {
        const found = find(run);
        const { summary, config, checkpoints } = found;
        return { summary, config, checkpoints, truthProbe: summary.device ? FAKE_PROBE : null };
      },
      check: ({ config }) => ({ config }),
      demoConfig: () => ({
        config: {
          ...fakeConfig(0, 'mnist', 'lenet-5', { weights: 'twn', activations: 'gxnor', loss: 0.004 }),
          name: 'Demo: MNIST with ternary weights',
        },
        dataset: 'mnist',
      }),
      start: ({ config }) => begin(config, isNamed(config) ? config.name : 'run'),
      prune: ({ run }) => begin(find(run).config, `${find(run).summary.name}, pruned`),
      removeChannels: ({ run }) => begin(find(run).config, `${find(run).summary.name}, smaller`),
      sparsity: ({ run, samples }) => fakeSparsity(find(run).summary.id, samples),
      pause: ({ run }) => become(run, 'paused'),
      stop: ({ run }) => become(run, 'stopped'),
      resume: ({ run }) => {
        become(run, 'queued');
        return become(run, 'running');
      },
      checkpoint: ({ run }) => {
        const found = find(run);
        const at = () => new Date(FAKE_NOW).toISOString();
        found.checkpoints.push({
          ...fakeCheckpoint(found.summary, found.curve, found.summary.epochsDone, at),
          id: `${run}-manual-${found.checkpoints.length}`,
          step: found.summary.stepsDone,
          kind: 'manual',
        });
        push('runs-changed', { run });
        return {};
      },
      series: ({ run, names }) => {
        const found = find(run);
        const all = [...seriesOf(found).values()];
        return {
          run,
          sequence: found.sequence,
          series: names ? all.filter(({ name }) => names.includes(name)) : all,
        };
      },
      histograms: ({ run, layer, most = 10_000 }) => {
        const rows = histogramsOf(find(run).curve, find(run).summary.epochsDone);
        const first = find(run).summary.epochsDone - most;
        return rows.filter((row) => row.epoch > first && (layer === undefined || row.layer === layer));
      },
      events: ({ run }) => find(run).events,
      seriesNames: ({ runs: ids }) =>
        ids.map((run) => ({ run, series: [...seriesOf(find(run)).keys()].toSorted() })),
      curves: (request) => curves(request, runs),
      compare: ({ runs: ids, metrics }) => compare(ids.map(find), metrics),
      ...fakeComparison(runs, exporting),
    },
    search: fakeSearch(push, runs.filter(({ summary }) => summary.status === 'finished').slice(0, 20)),
    task: {
      list: () => tasks.list(),
      get: ({ id }) => tasks.get(id),
      cancel: ({ id }) => tasks.cancel(id),
    },
    export: exporting,
    model: fakeModel(find),
  };

  const timer = options.tick
    ? setInterval(() => {
        for (const run of runs) if (run.summary.status === 'running') advance(run.summary.id, 4);
      }, options.tick)
    : undefined;
  return {
    services: withFailures(services, failing),
    runs,
    failing,
    push,
    advance,
    subscribe: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    dispose: async () => {
      clearInterval(timer);
      tasks.dispose();
    },
  };
}

function withFailures(services: Services, failing: Map<string, BitsmithError>): Services {
  const wrap = (feature: string, calls: Record<string, (input: never) => unknown>) =>
    Object.fromEntries(
      Object.entries(calls).map(([name, run]) => [
        name,
        (input: never) => {
          const error = failing.get(`${feature}.${name}`);
          if (error) throw error;
          return run(input);
        },
      ]),
    );
  return Object.fromEntries(
    Object.entries(services).map(([feature, calls]) => [feature, wrap(feature, calls)]),
  ) as unknown as Services;
}

function isNamed(config: unknown): config is { name: string } {
  return config !== null && typeof config === 'object' && typeof Reflect.get(config, 'name') === 'string';
}

function compare(runs: FakeRun[], metrics: boolean) {
  return compareRuns(
    runs.map((run) => ({
      summary: run.summary,
      config: run.config,
      extents: metrics ? [...seriesOf(run).values()].flatMap(extentsOf) : [],
    })),
  );
}

function extentsOf({ name, value }: Series) {
  const last = value.at(-1);
  if (last === undefined) return [];
  const low = value.reduce((a, b) => Math.min(a, b), Infinity);
  return [{ series: name, last, min: low, max: value.reduce((a, b) => Math.max(a, b), -Infinity) }];
}

/** Curves by the function that the real host uses, over what the fake runs logged. */
function curves(request: CurveRequest, runs: readonly FakeRun[]): CurveAnswer {
  const byId = new Map(runs.map((run) => [run.summary.id, run]));
  return drawCurves(request, {
    columns(id, name) {
      const run = byId.get(id);
      return (run && seriesOf(run).get(name)) ?? NO_COLUMNS;
    },
    sessions(id) {
      const at = byId.get(id)?.summary.startedAt;
      return at ? [{ step: 0, elapsed: 0, at: Date.parse(at) }] : [];
    },
  });
}
