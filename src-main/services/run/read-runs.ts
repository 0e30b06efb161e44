import type { ServiceOf } from '#shared/contract/api.ts';
import type { runApi } from '#shared/contract/api/run.ts';
import { compareRuns } from '#shared/run/compare/compare-runs.ts';
import { drawCurves } from '#shared/run/compare/draw-curves.ts';
import type { ForkJob } from '#main/jobs/host/index.ts';
import { resolveRunId, type Store } from '#main/store/index.ts';
import { compareWeights } from './agreement.ts';
import { runFootprints } from './footprints.ts';
import { runValues } from './run-values.ts';
import { measureRunSparsity } from './sparsity.ts';

export type RunReader = Pick<
  ServiceOf<typeof runApi>,
  | 'list'
  | 'deleted'
  | 'get'
  | 'fields'
  | 'values'
  | 'series'
  | 'seriesNames'
  | 'curves'
  | 'histograms'
  | 'events'
  | 'compare'
  | 'footprints'
  | 'agreement'
  | 'sparsity'
>;

/**
 * The calls that only look. They need no host: a store that was opened for reading will do. A run is named by its id or
 * by a beginning of it that fits no other.
 *
 * @param fork starts the process that measures
 */
export function createRunReader(store: Store, fork: ForkJob): RunReader {
  const id = (given: string): string => resolveRunId(store.runs, given);
  return {
    list: () => store.runs.list(),
    deleted: () => store.runs.trashed(),
    ...runValues(store),
    footprints: runFootprints(store, fork),
    agreement: compareWeights(store, fork),
    get: ({ run: given }) =>
      store.transaction(() => {
        const run = id(given);
        return {
          summary: store.runs.get(run),
          config: store.runs.config(run),
          checkpoints: store.checkpoints.list(run),
          truthProbe: store.runs.truthProbe(run),
        };
      }),
    series: ({ run: given, names }) =>
      store.transaction(() => {
        const run = id(given);
        return { run, sequence: store.runs.sequence(run), series: store.series.read(run, names) };
      }),
    seriesNames: ({ runs }) =>
      store.transaction(() => runs.map((run) => ({ run, series: store.series.names(run) }))),
    curves: (request) =>
      store.transaction(() =>
        drawCurves(request, { columns: store.series.columns, sessions: store.sessions.read }),
      ),
    histograms: ({ run, ...wanted }) => store.histograms.read(id(run), wanted),
    events: ({ run }) => store.events.read(id(run)),
    sparsity: ({ run, samples }) => measureRunSparsity(store, fork, id(run), samples),
    compare: ({ runs, metrics }) =>
      store.transaction(() =>
        compareRuns(
          [...new Set(runs.map(id))].map((run) => ({
            summary: store.runs.get(run),
            config: store.runs.config(run),
            extents: metrics ? store.series.extents(run) : [],
          })),
        ),
      ),
  };
}
