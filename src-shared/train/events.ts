import type { CheckpointRecord, Histogram, MetricPoint } from '../run/record.ts';
import type { Checkpoint } from './checkpoint.ts';

/** What a person may ask of a running training; looked at between two steps. */
export type Command = 'pause' | 'stop' | 'checkpoint';

/** Training is a stream of these. */
export type TrainEvent =
  | {
      type: 'progress';
      epochsDone: number;
      stepsDone: number;
      stepsTotal: number;
      stepsPerSecond: number | null;
      etaSeconds: number | null;
      /** Tensors alive on the back end: constant from epoch to epoch. */
      tensors: number;
    }
  | { type: 'metrics'; points: MetricPoint[] }
  | { type: 'histograms'; rows: Histogram[] }
  | { type: 'log'; level: 'info' | 'warning' | 'error'; message: string }
  | {
      type: 'checkpoint';
      kind: CheckpointRecord['kind'];
      checkpoint: Checkpoint;
      validationAccuracy: number | null;
    }
  | {
      type: 'ended';
      status: 'finished' | 'paused' | 'stopped';
      accuracy: number | null;
      loss: number | null;
    };
