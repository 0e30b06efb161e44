import { isDeepStrictEqual } from 'node:util';
import type { Host } from '#main/host.ts';
import type { RunSummary } from '#shared/run/record.ts';
import { isResumable } from '#shared/run/status.ts';
import { BENCH_TAG, type Cell } from './cells.ts';

export interface FinishedCell extends Cell {
  run: RunSummary;
  /** Seconds of computation, over all times that it was resumed. */
  seconds: number;
}

/**
 * Brings every cell to its end and yields it: finished runs are taken as they are, others resumed, missing ones started.
 * So a command that was killed goes on where it was.
 *
 * @throws Error naming the run that did not finish
 */
export async function* finishCells(
  host: Host,
  cells: readonly Cell[],
  note: (text: string) => void,
): AsyncGenerator<FinishedCell> {
  const known = await knownRuns(host);
  for (const [i, cell] of cells.entries()) {
    const place = `${i + 1}/${cells.length} ${cell.config.name}`;
    const found = known.find(({ config }) => sameTraining(config, cell.config));
    const run = await finish(host, cell, found?.run, (what) => note(`${place}: ${what}`));
    if (run.status !== 'finished') {
      throw new Error(
        `run ${run.id} (${cell.config.name}) ${run.status}: ${run.reason ?? 'no reason given'}`,
      );
    }
    yield { ...cell, run, seconds: await secondsOf(host, run.id) };
  }
}

async function knownRuns(host: Host): Promise<{ run: RunSummary; config: unknown }[]> {
  const tagged = (await host.services.run.list({})).filter(({ tags }) => tags.includes(BENCH_TAG));
  return Promise.all(
    tagged.map(async (run) => ({ run, config: (await host.services.run.get({ run: run.id })).config })),
  );
}

async function finish(
  host: Host,
  cell: Cell,
  found: RunSummary | undefined,
  note: (text: string) => void,
): Promise<RunSummary> {
  const { run } = host.services;
  if (found?.status === 'finished') {
    note(`was finished as run ${found.id}`);
    return found;
  }
  if (found && isResumable(found.status)) {
    note(`goes on as run ${found.id} from epoch ${found.epochsDone}`);
    await run.resume({ run: found.id });
    return run.whenEnded(found.id);
  }
  const { id } = await run.start({ config: cell.config });
  note(`started as run ${id}`);
  const ended = await run.whenEnded(id);
  note(`${ended.status}, accuracy ${ended.accuracy ?? '–'}`);
  return ended;
}

/** Whether two configurations train the same network alike, whatever they are called and whatever commit they name. */
function sameTraining(a: unknown, b: unknown): boolean {
  return isDeepStrictEqual(essence(a), essence(b));
}

function essence(config: unknown): unknown {
  const { name: _name, tags: _tags, notes: _notes, ...rest } = config as Record<string, unknown>;
  // As the store gives it back: without the fields that are undefined.
  return JSON.parse(JSON.stringify(rest));
}

async function secondsOf(host: Host, run: string): Promise<number> {
  const { series } = await host.services.run.series({ run, names: ['test/accuracy'] });
  return series[0]?.time.at(-1) ?? 0;
}
