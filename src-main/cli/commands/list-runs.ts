import type { Command } from 'commander';
import { BitsmithError } from '#shared/base/errors.ts';
import type { RunSummary } from '#shared/run/record.ts';
import { isRemote, type LookUp } from '#shared/run/filter/fields.ts';
import { filterRuns } from '#shared/run/filter/match.ts';
import { parseFilter } from '#shared/run/filter/parse.ts';
import { readSorting, sortRuns } from '#shared/run/filter/sort.ts';
import type { RunReader } from '../../services/run/index.ts';
import { withCommon, type CommonOptions } from '../options.ts';
import { percent, printResult, table } from '../output.ts';
import { withReader } from '../session.ts';

interface ListOptions extends CommonOptions {
  filter?: string;
  sort?: string;
  archived?: boolean;
  deleted?: boolean;
}

/** `runs list`: the runs by the same filter that the window's table takes. */
export function addListCommand(runs: Command): void {
  withCommon(
    runs
      .command('list')
      .description('list the runs, newest first, without archived and deleted ones')
      .option('--filter <filter>', 'conditions that must all hold, e.g. "mnist accuracy>98% -tag:draft"')
      .option('--sort <fields>', 'fields to sort by, "-" for descending, e.g. "-accuracy,name"')
      .option('--archived', 'archived runs too')
      .option('--deleted', 'deleted runs instead, which can still be restored'),
  ).action(async (options: ListOptions) => {
    const rows = await withReader(options, (reader) => listRuns(reader, options));
    const none =
      options.filter || options.deleted ? 'No run fits.' : 'No run yet. Start with `bitsmith demo`.';
    printResult(options.json, rows, () => (rows.length === 0 ? none : runTable(rows)));
  });
}

async function listRuns(reader: RunReader, options: ListOptions): Promise<RunSummary[]> {
  const { conditions, problem } = parseFilter(options.filter ?? '');
  if (problem !== null) throw new BitsmithError('invalid-input', `--filter: ${problem}`);
  const keys = readSorting(options.sort ?? '');
  if (options.sort && keys.length !== options.sort.split(',').length) {
    throw new BitsmithError(
      'invalid-input',
      `--sort: "${options.sort}" names a field that runs do not have, or one twice`,
    );
  }
  const all = options.deleted
    ? (await reader.deleted({})).map(({ run }) => run)
    : (await reader.list({})).filter((run) => options.archived || !run.archived);
  const fields = [...conditions.flatMap(({ field }) => field ?? []), ...keys.map(({ field }) => field)];
  const lookUp = await valuesOf(reader, fields.filter(isRemote), all);
  return sortRuns(filterRuns(all, conditions, lookUp, Date.now()), keys, lookUp);
}

async function valuesOf(reader: RunReader, fields: string[], runs: readonly RunSummary[]): Promise<LookUp> {
  if (fields.length === 0) return () => null;
  const ids = runs.map(({ id }) => id);
  const answer = await reader.values({ fields: [...new Set(fields)], runs: ids });
  const rows = new Map(answer.runs.map((run, i) => [run, i]));
  const columns = new Map(answer.columns.map(({ field, values }) => [field, values]));
  return (field, run) => columns.get(field)?.[rows.get(run) ?? -1] ?? null;
}

function runTable(rows: readonly RunSummary[]): string {
  return table(
    ['id', 'status', 'name', 'data set', 'model', 'weights', 'activations', 'epochs', 'accuracy'],
    rows.map((run) => [
      run.id,
      run.archived ? `${run.status}, archived` : run.status,
      run.name,
      run.dataset,
      run.model,
      run.weightMethods.join(' '),
      run.activationMethods.join(' '),
      `${run.epochsDone}/${run.epochs}`,
      percent(run.accuracy),
    ]),
  );
}
