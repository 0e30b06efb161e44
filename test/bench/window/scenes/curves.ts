import { fillRuns, fillSeries } from './fill-runs.ts';
import type { Scene } from './types.ts';

/** A few runs with long curves. */
export const curvesScene: Scene = {
  fill(host, { runs, series, points }) {
    fillRuns(host, runs).forEach((run, i) => fillSeries(host, run, i, series, points));
  },
};
