import { fillRuns } from './fill-runs.ts';
import type { Scene } from './types.ts';

/** Many runs without curves: what the table shows. */
export const runsScene: Scene = {
  fill: (host, { runs }) => void fillRuns(host, runs),
};
