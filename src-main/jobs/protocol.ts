import type { ErrorData } from '#shared/base/errors.ts';
import type { DeviceRow } from '#shared/contract/api/device.ts';
import type { CheckpointRecord, Histogram, MetricPoint, TruthProbe } from '#shared/run/record.ts';

/**
 * What passes between the host and a job's child process. The child never touches SQLite: it writes checkpoint files
 * and tells the host, which alone writes the store.
 */

/** Everything that a training child needs. Paths are absolute. */
export interface TrainingJob {
  run: string;
  /** The configuration with all defaults filled in (`RunConfig`). */
  config: unknown;
  dataFolder: string;
  /** Folder for this run's checkpoint files. */
  checkpointFolder: string;
  /** The checkpoint file to go on from, or null for a fresh start. */
  checkpoint: string | null;
  /** Overrides the configuration's device, e.g. the device that a resumed run was computed on. */
  device: string | null;
}

export type HostMessage =
  | { type: 'start'; job: TrainingJob }
  /** Probe every back end, answer with `devices`, end. In a process of its own, since a driver may crash. */
  | { type: 'probe' }
  /** Write a checkpoint, then end with `paused`. */
  | { type: 'pause' }
  /** Write a checkpoint, then end with `stopped`. */
  | { type: 'stop' }
  /** Write a checkpoint and go on. */
  | { type: 'checkpoint' };

export type JobMessage =
  | {
      type: 'started';
      device: string;
      deviceName: string;
      truthProbe: TruthProbe;
      stepsTotal: number;
      /** Step from which it goes on: 0 for a fresh start. Points and events after it are of a lost future. */
      fromStep: number;
    }
  /** At least once a second while it computes. */
  | {
      type: 'progress';
      epochsDone: number;
      stepsDone: number;
      stepsTotal: number;
      stepsPerSecond: number | null;
      etaSeconds: number | null;
    }
  | { type: 'metrics'; points: MetricPoint[] }
  | { type: 'histograms'; rows: Histogram[] }
  | { type: 'log'; level: 'info' | 'warning' | 'error'; message: string }
  /** The file `<checkpointFolder>/<id>.safetensors` is complete and flushed. */
  | { type: 'checkpoint'; record: Omit<CheckpointRecord, 'run'> }
  | {
      type: 'ended';
      status: 'finished' | 'paused' | 'stopped';
      /** Test accuracy and loss; null unless finished. */
      accuracy: number | null;
      loss: number | null;
    }
  | { type: 'failed'; error: ErrorData }
  /** The answer to `probe`. */
  | { type: 'devices'; devices: DeviceRow[] };
