import type { Command } from 'commander';
import { TRASH_DAYS } from '#shared/run/trash.ts';
import type { Host } from '../../host.ts';
import { withCommon, type CommonOptions } from '../options.ts';
import { printResult } from '../output.ts';
import { withHost } from '../session.ts';

type DeleteOptions = CommonOptions & { forGood?: boolean };

/** `runs delete`, `restore`, `archive` and `unarchive`: all of the named runs or none. */
export function addTendCommands(runs: Command): void {
  const ids = ['<runs...>', 'ids or their beginnings'] as const;

  withCommon(
    runs
      .command('delete')
      .description(`delete runs; for ${TRASH_DAYS} days they can be restored`)
      .argument(...ids)
      .option('--for-good', 'remove their curves and checkpoints at once'),
  ).action(async (given: string[], options: DeleteOptions) => {
    await withHost(options, async ({ services, store }) => {
      const before = new Set(store.runs.trashed().map(({ run }) => run.id));
      await services.run.delete({ runs: given });
      const fresh = store.runs.trashed().flatMap(({ run }) => (before.has(run.id) ? [] : run.id));
      if (options.forGood) await services.run.purge({ runs: fresh });
    });
    const done = options.forGood ? 'deleted for good' : 'deleted; `bitsmith runs restore` brings back';
    printResult(options.json, { deleted: given }, () => `${named(given)} ${done}`);
  });

  const simple = (
    name: string,
    description: string,
    done: string,
    work: (run: Host['services']['run'], given: string[]) => unknown,
  ): void => {
    withCommon(
      runs
        .command(name)
        .description(description)
        .argument(...ids),
    ).action(async (given: string[], options: CommonOptions) => {
      const result = await withHost(options, async (host) => work(host.services.run, given));
      printResult(options.json, result, () => `${named(given)} ${done}`);
    });
  };
  simple('restore', 'bring deleted runs back', 'restored', (run, given) => run.restore({ runs: given }));
  simple('archive', 'put runs out of the way; nothing is lost', 'archived', (run, given) =>
    run.archive({ runs: given, archived: true }),
  );
  simple('unarchive', 'take runs out of the archive', 'taken out of the archive', (run, given) =>
    run.archive({ runs: given, archived: false }),
  );
}

function named(runs: readonly string[]): string {
  return `${runs.length === 1 ? 'run' : 'runs'} ${runs.join(', ')}`;
}
