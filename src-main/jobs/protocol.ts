import type { ErrorData } from '#shared/base/errors.ts';
import type { DeploymentEstimate } from '#shared/export/estimate/types.ts';
import type { TargetId } from '#shared/export/targets/types.ts';
import type { UnusualLabels } from '#shared/dataset/integrity.ts';
import type { SparsityReport } from '#shared/prune/sparsity-report.ts';
import type { DeviceRow } from '#shared/contract/api/device.ts';
import type { MethodPair } from '#shared/quant/pairs.ts';
import type { Agreement } from '#shared/run/compare/agreement.ts';
import type { CheckpointRecord, Histogram, MetricPoint, TruthProbe } from '#shared/run/record.ts';
import type { BenchmarkRow } from '#shared/train/benchmark/row.ts';
import type { HeldOut, Predictions } from '#shared/train/predictions/types.ts';

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
  /** The file with another run's numbers to start from; null: random ones. Needed on resuming too. */
  initial: string | null;
  /** Overrides the configuration's device, e.g. the device that a resumed run was computed on. */
  device: string | null;
  /** Pauses exactly at the end of this epoch; null: goes on to the end. */
  untilEpoch: number | null;
}

/** What a child needs to measure the sparsity of a run's network. */
export interface SparsityJob {
  config: unknown;
  dataFolder: string;
  /** The checkpoint file, and its recorded SHA-256. */
  checkpoint: string;
  sha256: string;
  /** Test samples over which activations are measured; there may be fewer. */
  samples: number;
}

/** What a child needs to estimate what the networks of some runs take of a core. */
export interface EstimateJob {
  configs: unknown[];
  dataFolder: string;
  target: TargetId;
}

/** Of one configuration: what it takes, or a sentence that says why nobody can say. */
export type EstimateRow = DeploymentEstimate['total'] | string;

/** What a child needs to hold the weights of two checkpoints against each other. */
export interface CompareWeightsJob {
  dataFolder: string;
  a: WeightsFile;
  b: WeightsFile;
}

export interface WeightsFile {
  config: unknown;
  /** The checkpoint file, and its recorded SHA-256. */
  checkpoint: string;
  sha256: string;
}

/** What a child needs to say what a run's network takes samples for. */
export interface PredictionJob {
  config: unknown;
  dataFolder: string;
  /** The checkpoint file, and its recorded SHA-256. */
  checkpoint: string;
  sha256: string;
  split: HeldOut;
  /** Back end to compute on where it can be used; else the one that every machine has. */
  device: string | null;
}

/** What a child needs to look for labels that stand out among like samples. */
export interface LabelJob {
  dataFolder: string;
  dataset: string;
}

/** What a child needs to measure the speed of one back end. */
export interface BenchmarkJob {
  device: string;
  /** Ids of benchmark networks. */
  networks: string[];
  pairs: MethodPair[];
  /** Times that a pair and full precision take turns, and steps in each turn. */
  rounds: number;
  steps: number;
}

export type HostMessage =
  | { type: 'start'; job: TrainingJob }
  /** Probe every back end, answer with `devices`, end. In a process of its own, since a driver may crash. */
  | { type: 'probe' }
  /** Measure, answer with `sparsity`, end. */
  | { type: 'measure-sparsity'; job: SparsityJob }
  /** Plan, answer with `estimates`, end. */
  | { type: 'estimate'; job: EstimateJob }
  /** Compare, answer with `agreement`, end. */
  | { type: 'compare-weights'; job: CompareWeightsJob }
  /** Answer with `predicting` now and then and with `predictions`, end. */
  | { type: 'predict'; job: PredictionJob }
  /** Answer with `comparing` now and then and with `unusual-labels`, end. */
  | { type: 'find-unusual-labels'; job: LabelJob }
  /** Measure, answer with a `benchmark-row` for each network and pair and with `benchmark-ended`, end. */
  | { type: 'benchmark'; job: BenchmarkJob }
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
  | { type: 'devices'; devices: DeviceRow[] }
  /** The answer to `measure-sparsity`. */
  | { type: 'sparsity'; report: SparsityReport }
  /** The answer to `estimate`; row i belongs to `configs[i]`. */
  | { type: 'estimates'; rows: EstimateRow[] }
  /** The answer to `compare-weights`. */
  | { type: 'agreement'; agreement: Agreement }
  /** The answers to `predict`: samples that are done, and in the end what it says of them. */
  | { type: 'predicting'; done: number; of: number }
  | { type: 'predictions'; predictions: Predictions; datasetSha256: string; device: string }
  /** The answers to `find-unusual-labels`: the share that is done, and in the end what was found. */
  | { type: 'comparing'; share: number }
  | { type: 'unusual-labels'; labels: UnusualLabels | null }
  /** The answers to `benchmark`. */
  | { type: 'benchmark-row'; row: BenchmarkRow }
  | { type: 'benchmark-ended' };
