export { bestCheckpoint } from './keep-checkpoints.ts';
export { checkpointDamage } from './checkpoint-files.ts';
export { configHash } from './config-hash.ts';
export { createRunReader, type RunReader } from './read-runs.ts';
export {
  createRunService,
  STOPPED_BY_REQUEST,
  type PreparedRun,
  type RunService,
  type StartOptions,
} from './run-service.ts';
