import type { DataFolder } from '#main/platform/data-folder.ts';
import type { Sql } from './sql.ts';
import { bundleTable, type BundleTable } from './tables/bundle.ts';
import { checkpointTable, type CheckpointTable } from './tables/checkpoint.ts';
import { draftTable, type DraftTable } from './tables/draft.ts';
import { eventTable, type EventTable } from './tables/event.ts';
import { histogramTable, type HistogramTable } from './tables/histogram.ts';
import { predictionTable, type PredictionTable } from './tables/prediction.ts';
import { runTable, type RunTable } from './tables/run.ts';
import { searchTable, type SearchTable } from './tables/search.ts';
import { sessionTable, type SessionTable } from './tables/session.ts';
import { settingTable, type SettingTable } from './tables/setting.ts';
import { seriesTable, type SeriesTable } from './tables/series.ts';

export interface Store {
  readonly folder: DataFolder;
  readonly mode: 'read' | 'write';
  readonly runs: RunTable;
  readonly series: SeriesTable;
  readonly sessions: SessionTable;
  readonly histograms: HistogramTable;
  readonly events: EventTable;
  readonly checkpoints: CheckpointTable;
  readonly predictions: PredictionTable;
  readonly bundles: BundleTable;
  readonly searches: SearchTable;
  readonly drafts: DraftTable;
  readonly settings: SettingTable;
  /** All of `work` or nothing of it; for reading, one consistent view. */
  transaction<T>(work: () => T): T;
  /** Closes the file and, in mode `write`, gives the lock back. */
  close(): void;
}

/** The repositories over one open database. */
export function createStore(
  sql: Sql,
  folder: DataFolder,
  mode: 'read' | 'write',
  onClose: () => void = () => undefined,
): Store {
  return {
    folder,
    mode,
    runs: runTable(sql),
    series: seriesTable(sql),
    sessions: sessionTable(sql),
    histograms: histogramTable(sql),
    events: eventTable(sql),
    checkpoints: checkpointTable(sql),
    predictions: predictionTable(sql),
    bundles: bundleTable(sql),
    searches: searchTable(sql),
    drafts: draftTable(sql),
    settings: settingTable(sql),
    transaction: (work) => sql.transaction(work),
    close() {
      sql.close();
      onClose();
    },
  };
}
