import type { RunSummary, TruthProbe } from '#shared/run/record.ts';
import { assertTransition, isLive, type RunStatus } from '#shared/run/status.ts';
import { BitsmithError } from '#shared/base/errors.ts';
import type { Sql, SqlValue } from '../sql.ts';

/** What is known of a run before it starts. */
export type NewRun = Pick<
  RunSummary,
  | 'id'
  | 'name'
  | 'kind'
  | 'parent'
  | 'createdAt'
  | 'dataset'
  | 'model'
  | 'weightMethods'
  | 'activationMethods'
  | 'epochs'
  | 'stepsTotal'
  | 'configHash'
> & { config: unknown; tags?: readonly string[]; notes?: string };

export type RunProgress = Pick<
  RunSummary,
  'epochsDone' | 'stepsDone' | 'stepsTotal' | 'stepsPerSecond' | 'etaSeconds'
>;

/** What may change together with the status. */
interface StatusChange {
  at: string;
  reason?: string | null;
  accuracy?: number | null;
  loss?: number | null;
}

interface Row {
  id: string;
  name: string;
  status: RunStatus;
  reason: string | null;
  kind: 'train' | 'prune';
  parent: string | null;
  created_at: string;
  started_at: string | null;
  ended_at: string | null;
  dataset: string;
  model: string;
  weight_methods: string;
  activation_methods: string;
  device: string | null;
  device_name: string | null;
  epochs: number;
  epochs_done: number;
  steps_done: number;
  steps_total: number;
  accuracy: number | null;
  loss: number | null;
  best_validation_accuracy: number | null;
  steps_per_second: number | null;
  eta_seconds: number | null;
  tags: string;
  notes: string;
  config_hash: string;
  archived: number;
}

// Everything but the long columns, which a list does not need.
// A run in the trash is gone for everybody but the trash: nothing is its child.
const COLUMNS = `id, name, status, reason, kind,
  (SELECT p.id FROM run p WHERE p.id = run.parent AND p.deleted_at IS NULL) AS parent, created_at, started_at, ended_at, dataset, model, weight_methods,
  activation_methods, device, device_name, epochs, epochs_done, steps_done, steps_total, accuracy, loss,
  best_validation_accuracy, steps_per_second, eta_seconds, tags, notes, config_hash,
  archived_at IS NOT NULL AS archived`;

export type RunTable = ReturnType<typeof runTable>;

/** Runs. Every change of status passes the state machine. Those in the trash are only seen by what says so. */
export function runTable(sql: Sql) {
  const one = (id: string): RunSummary | undefined => {
    const row = sql.get<Row>(`SELECT ${COLUMNS} FROM run WHERE id = ? AND deleted_at IS NULL`, id);
    return row && summary(row);
  };
  const must = (id: string): RunSummary => {
    const found = one(id);
    if (!found) throw new BitsmithError('not-found', `there is no run ${id}`, { run: id });
    return found;
  };
  const json = (id: string, column: 'config' | 'truth_probe'): unknown => {
    const row = sql.get<{ text: string | null }>(`SELECT ${column} AS text FROM run WHERE id = ?`, id);
    return row?.text ? JSON.parse(row.text) : null;
  };

  return {
    find: one,
    /** @throws BitsmithError `not-found` */
    get: must,
    /** Newest first. */
    list: (): RunSummary[] =>
      sql.all<Row>(`SELECT ${COLUMNS} FROM run WHERE deleted_at IS NULL ORDER BY id DESC`).map(summary),
    live: (): RunSummary[] =>
      sql
        .all<Row>(`SELECT ${COLUMNS} FROM run WHERE status IN ('queued', 'running') ORDER BY id`)
        .map(summary),
    /** Ids that begin with `prefix` (which must be of the id's alphabet), oldest first, at most `limit`. */
    idsWithPrefix: (prefix: string, limit: number): string[] =>
      sql
        .all<{ id: string }>(
          'SELECT id FROM run WHERE id >= ? AND id < ? AND deleted_at IS NULL ORDER BY id LIMIT ?',
          prefix,
          `${prefix}~`,
          limit,
        )
        .map(({ id }) => id),
    lastId: (): string | undefined =>
      sql.get<{ id: string }>('SELECT id FROM run ORDER BY id DESC LIMIT 1')?.id,
    ids: (): string[] =>
      sql.all<{ id: string }>('SELECT id FROM run WHERE deleted_at IS NULL ORDER BY id').map(({ id }) => id),
    config: (id: string): unknown => json(id, 'config'),
    truthProbe: (id: string): TruthProbe | null => json(id, 'truth_probe') as TruthProbe | null,

    /** Stores a run as `queued`. */
    create(run: NewRun): RunSummary {
      sql.run(
        `INSERT INTO run (id, name, status, kind, parent, created_at, dataset, model, weight_methods,
           activation_methods, epochs, steps_total, tags, notes, config, config_hash)
         VALUES (?, ?, 'queued', ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
        run.id,
        run.name,
        run.kind,
        run.parent,
        run.createdAt,
        run.dataset,
        run.model,
        JSON.stringify(run.weightMethods),
        JSON.stringify(run.activationMethods),
        run.epochs,
        run.stepsTotal,
        JSON.stringify([...new Set(run.tags ?? [])]),
        run.notes ?? '',
        JSON.stringify(run.config),
        run.configHash,
      );
      return must(run.id);
    },

    /** @throws BitsmithError `conflict` when the state machine forbids it */
    setStatus(id: string, to: RunStatus, change: StatusChange): RunSummary {
      return sql.transaction(() => {
        const before = must(id);
        assertTransition(id, before.status, to);
        sql.run(
          `UPDATE run SET status = ?, reason = ?, accuracy = ?, loss = ?, started_at = ?, ended_at = ?, eta_seconds = NULL
           WHERE id = ?`,
          to,
          change.reason ?? null,
          change.accuracy === undefined ? before.accuracy : change.accuracy,
          change.loss === undefined ? before.loss : change.loss,
          to === 'running' ? (before.startedAt ?? change.at) : before.startedAt,
          isLive(to) ? null : change.at,
          id,
        );
        return must(id);
      });
    },

    /** What a job says of itself when it begins. */
    setDevice(id: string, device: string, name: string, probe: TruthProbe, stepsTotal: number): void {
      sql.run(
        'UPDATE run SET device = ?, device_name = ?, truth_probe = ?, steps_total = ? WHERE id = ?',
        device,
        name,
        JSON.stringify(probe),
        stepsTotal,
        id,
      );
    },

    setProgress(id: string, progress: RunProgress): void {
      sql.run(
        `UPDATE run SET epochs_done = ?, steps_done = ?, steps_total = ?, steps_per_second = ?, eta_seconds = ?
         WHERE id = ?`,
        progress.epochsDone,
        progress.stepsDone,
        progress.stepsTotal,
        progress.stepsPerSecond,
        progress.etaSeconds,
        id,
      );
    },

    /** Back to a checkpoint. */
    rewind(id: string, epochsDone: number, stepsDone: number, bestValidationAccuracy: number | null): void {
      sql.run(
        'UPDATE run SET epochs_done = ?, steps_done = ?, best_validation_accuracy = ? WHERE id = ?',
        epochsDone,
        stepsDone,
        bestValidationAccuracy,
        id,
      );
    },

    raiseBest(id: string, validationAccuracy: number): void {
      sql.run(
        'UPDATE run SET best_validation_accuracy = max(coalesce(best_validation_accuracy, ?), ?) WHERE id = ?',
        validationAccuracy,
        validationAccuracy,
        id,
      );
    },

    /** The number of the last metric batch that is stored. */
    sequence: (id: string): number =>
      sql.get<{ sequence: number }>('SELECT sequence FROM run WHERE id = ?', id)?.sequence ?? 0,
    nextSequence(id: string): number {
      sql.run('UPDATE run SET sequence = sequence + 1 WHERE id = ?', id);
      return this.sequence(id);
    },

    /** Changes what a person may change. */
    update(id: string, change: { name?: string; tags?: readonly string[]; notes?: string }): RunSummary {
      const fields: [string, SqlValue][] = [];
      if (change.name !== undefined) fields.push(['name', change.name]);
      if (change.tags !== undefined) fields.push(['tags', JSON.stringify([...new Set(change.tags)])]);
      if (change.notes !== undefined) fields.push(['notes', change.notes]);
      if (fields.length > 0) {
        const list = fields.map(([column]) => `${column} = ?`).join(', ');
        sql.run(`UPDATE run SET ${list} WHERE id = ?`, ...fields.map(([, value]) => value), id);
      }
      return must(id);
    },

    /** Puts a run into the archive or takes it out. */
    setArchived(id: string, at: string | null): RunSummary {
      sql.run('UPDATE run SET archived_at = ? WHERE id = ?', at, id);
      return must(id);
    },

    /** Puts a run into the trash. */
    trash: (id: string, at: string): void =>
      void sql.run('UPDATE run SET deleted_at = ? WHERE id = ? AND deleted_at IS NULL', at, id),
    /** Takes a run out of the trash. */
    restore(id: string): RunSummary {
      sql.run('UPDATE run SET deleted_at = NULL WHERE id = ?', id);
      return must(id);
    },
    /** What is in the trash, deleted last first. */
    trashed: (): { run: RunSummary; deletedAt: string }[] =>
      sql
        .all<Row & { deleted_at: string }>(
          `SELECT ${COLUMNS}, deleted_at FROM run WHERE deleted_at IS NOT NULL ORDER BY deleted_at DESC, id DESC`,
        )
        .map((row) => ({ run: summary(row), deletedAt: row.deleted_at })),
    /** Whether there is such a run, in the trash or not. */
    exists: (id: string): boolean => sql.get('SELECT 1 FROM run WHERE id = ?', id) !== undefined,

    /** With its series, histograms, events and checkpoint rows; children lose their parent. Bundles stay. */
    remove: (id: string): void => void sql.run('DELETE FROM run WHERE id = ?', id),
  };
}

function summary(row: Row): RunSummary {
  return {
    id: row.id,
    name: row.name,
    status: row.status,
    reason: row.reason,
    kind: row.kind,
    parent: row.parent,
    createdAt: row.created_at,
    startedAt: row.started_at,
    endedAt: row.ended_at,
    dataset: row.dataset,
    model: row.model,
    weightMethods: JSON.parse(row.weight_methods) as string[],
    activationMethods: JSON.parse(row.activation_methods) as string[],
    device: row.device,
    deviceName: row.device_name,
    epochs: row.epochs,
    epochsDone: row.epochs_done,
    stepsDone: row.steps_done,
    stepsTotal: row.steps_total,
    accuracy: row.accuracy,
    loss: row.loss,
    bestValidationAccuracy: row.best_validation_accuracy,
    stepsPerSecond: row.steps_per_second,
    etaSeconds: row.eta_seconds,
    tags: JSON.parse(row.tags) as string[],
    notes: row.notes,
    configHash: row.config_hash,
    archived: row.archived !== 0,
  };
}
