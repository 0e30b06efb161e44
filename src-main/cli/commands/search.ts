import type { Command } from 'commander';
import { BitsmithError } from '#shared/base/errors.ts';
import type { SearchDetail, SearchSummary } from '#shared/contract/api/search.ts';
import { trialObjective } from '#shared/search/objective.ts';
import { SearchConfigSchema } from '#shared/search/config.ts';
import type { Host } from '../../host.ts';
import { followSearch, leaderboardTable, requireSearched, showObjective } from '../follow-search.ts';
import { wholeNumber, withCommon, type CommonOptions } from '../options.ts';
import { printResult, ProgressLine, table } from '../output.ts';
import { withHost, withReader } from '../session.ts';
import { readJson } from './train.ts';

export function addSearchCommands(program: Command): void {
  const search = program
    .command('search')
    .description('search for the best configuration: grid, random, evolution, successive halving')
    .usage('[options] <config>\n       bitsmith search resume|list|show|delete …');

  withCommon(
    search
      .command('start', { isDefault: true })
      .description('search as a configuration says (this is what `bitsmith search <config>` does)')
      .argument('<config>', 'configuration of a search, a JSON file')
      .option('--device <id>', 'back end: auto, tensorflow, webgpu or wasm')
      .option('--concurrency <n>', 'trials that train at the same time', wholeNumber(1, 64)),
  ).action(async (file: string, options: CommonOptions & { device?: string; concurrency?: number }) => {
    const config = configured(readJson(file), options);
    await finish(options, async (host, progress) => {
      const { id } = await host.services.search.start({ config });
      progress.note(`search ${id} begins`);
      return followSearch(host, id, progress);
    });
  });

  withCommon(
    search
      .command('resume')
      .description('go on with a search that was paused or crashed')
      .argument('<search>', 'id or its beginning')
      .option('--config <file>', 'refuse unless this is the configuration of the search'),
  ).action(async (given: string, options: CommonOptions & { config?: string }) => {
    const config = options.config === undefined ? {} : { config: readJson(options.config) };
    await finish(options, async (host, progress) => {
      const { id } = await host.services.search.resume({ search: given, ...config });
      return followSearch(host, id, progress);
    });
  });

  withCommon(search.command('list').description('list all searches, newest first')).action(
    async (options: CommonOptions) => {
      const rows = await withReader(options, (_runs, _folder, searches) => searches.list({}));
      printResult(options.json, rows, () =>
        rows.length === 0
          ? 'No search yet. Start one with `bitsmith search CONFIG.json`.'
          : table(
              ['id', 'status', 'name', 'algorithm', 'trials', 'objective', 'best'],
              rows.map((row) => [
                row.id,
                row.status,
                row.name,
                row.algorithm,
                `${row.trials.finished + row.trials.stopped + row.trials.failed}/${row.trials.planned}`,
                row.objective.series,
                showObjective(row.best?.objective ?? null, row.objective.series),
              ]),
            ),
      );
    },
  );

  withCommon(
    search
      .command('show')
      .description('show the leaderboard of a search')
      .argument('<search>', 'id or its beginning'),
  ).action(async (given: string, options: CommonOptions) => {
    const detail = await withReader(options, (_runs, _folder, searches) => searches.get({ search: given }));
    const { summary } = detail;
    printResult(options.json, { ...searchResult(detail), leaderboard: detail.leaderboard }, () =>
      [
        `${summary.id}: ${summary.name}`,
        `  ${summary.status}${summary.reason ? `: ${summary.reason}` : ''}`,
        '',
        leaderboardTable(detail),
      ].join('\n'),
    );
  });

  withCommon(
    search
      .command('delete')
      .description('delete a search; its runs stay')
      .argument('<search>', 'id or its beginning')
      .option('--runs', 'delete its runs too'),
  ).action(async (given: string, options: CommonOptions & { runs?: boolean }) => {
    await withHost(options, async (host) =>
      host.services.search.delete({ search: given, runs: options.runs ?? false }),
    );
    printResult(options.json, { deleted: given }, () => `search ${given} deleted`);
  });
}

/** The document with what the command line says on top. */
function configured(document: unknown, options: { device?: string; concurrency?: number }): unknown {
  if (document === null || typeof document !== 'object' || Array.isArray(document)) {
    throw new BitsmithError('invalid-input', 'the search: its configuration must be a JSON object');
  }
  const run: unknown = 'run' in document ? document.run : undefined;
  const withDevice =
    options.device !== undefined && run !== null && typeof run === 'object'
      ? { run: { ...run, device: options.device } }
      : {};
  return {
    ...document,
    ...withDevice,
    ...(options.concurrency === undefined ? {} : { concurrency: options.concurrency }),
  };
}

type Work = (host: Host, progress: ProgressLine) => Promise<SearchSummary>;

async function finish(options: CommonOptions, work: Work): Promise<void> {
  let summary: SearchSummary | undefined;
  await withHost(options, async (host) => {
    summary = await work(host, new ProgressLine());
  });
  if (!summary) return;
  const { id } = summary;
  // Read when the host is closed: what is printed is what is stored.
  const detail = await withReader(options, (_runs, _folder, searches) => searches.get({ search: id }));
  printResult(options.json, searchResult(detail), () =>
    [
      `search ${id} is ${detail.summary.status}${detail.summary.reason ? `: ${detail.summary.reason}` : ''}`,
      '',
      leaderboardTable(detail),
    ].join('\n'),
  );
  requireSearched(detail.summary);
}

/** The JSON result of a search, as the command line's documentation names its fields. */
function searchResult({ summary, config, trials }: SearchDetail) {
  const { objective } = SearchConfigSchema.parse(config);
  return {
    searchId: summary.id,
    name: summary.name,
    status: summary.status,
    reason: summary.reason,
    algorithm: summary.algorithm,
    objective: summary.objective,
    best: summary.best,
    history: trials.map((trial) => ({
      trial: trial.number,
      run: trial.run,
      values: trial.values,
      generation: trial.generation,
      status: trial.status,
      reason: trial.reason,
      epochs: trial.epochs,
      objective: trialObjective(objective, trial),
    })),
  };
}
