import type { Host } from '#main/host.ts';
import type { ForkJob } from '#main/jobs/host/index.ts';

/** How much of everything a scene has. */
export interface SceneSize {
  runs: number;
  series: number;
  points: number;
  layers: number;
}

/** A data folder as a person would have it after some weeks, and what goes on in it. */
export interface Scene {
  /** Instead of the process that trains. */
  fork?: ForkJob;
  /** Needs a data set that can be trained on. */
  trains?: boolean;
  /** Fills the store before the window is served. */
  fill(host: Host, size: SceneSize): Promise<void> | void;
  /** Begins what changes while it is measured; its answer goes to the measurement. */
  start?(host: Host): Promise<string>;
  /** Ends what the host knows nothing of. */
  stop?(): void;
}
