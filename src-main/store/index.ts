export { openStore } from './open.ts';
export { newRunId, resolveRunId, resolveSearchId } from './run-id.ts';
export type { Store } from './store.ts';
export type { StoredPredictions } from './tables/prediction.ts';
export type { NewRun, RunProgress } from './tables/run.ts';
export type { SearchRecord } from './tables/search.ts';
