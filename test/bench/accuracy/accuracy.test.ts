import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createHost, type Host } from '#main/host.ts';
import type { RunSummary } from '#shared/run/record.ts';
import { cornersDataFolder, type TestDataFolder } from '#test/support/data-folder.ts';
import { cellsOf, commitOf, type Budget } from './cells.ts';
import { finishCells, type FinishedCell } from './finish-cells.ts';
import { accuracyPage, statistics } from './report.ts';

/** The table of accuracies: what it counts, and that a killed command goes on where it was. */

const BUDGET: Budget = {
  methods: ['twn', 'bnn'],
  seeds: 2,
  epochs: 1,
  model: 'mlp3',
  dataset: 'corners',
  device: 'wasm',
};

async function collect(host: Host, cells: ReturnType<typeof cellsOf>): Promise<FinishedCell[]> {
  const finished: FinishedCell[] = [];
  for await (const cell of finishCells(host, cells, () => undefined)) finished.push(cell);
  return finished;
}

describe('the runs behind the table', () => {
  let data: TestDataFolder;
  let host: Host;
  beforeAll(async () => {
    data = await cornersDataFolder();
    host = await createHost({ dataFolder: data.root, shell: 'browser' });
  });
  afterAll(async () => {
    await host.dispose();
    data.remove();
  });

  it('are started once, taken as they are the next time, and resumed where they were interrupted', async () => {
    const cells = cellsOf(BUDGET, 'abc1234567');
    const [first, second] = cells;
    if (!first || !second) throw new Error('there must be cells');
    // As a command leaves it that is interrupted during its second run.
    const [done] = await collect(host, [first]);
    const { id } = await host.services.run.start({ config: { ...second.config } });
    await host.dispose();
    host = await createHost({ dataFolder: data.root, shell: 'browser' });
    expect((await host.services.run.get({ run: id })).summary.status).not.toBe('finished');

    const finished = await collect(host, cellsOf(BUDGET, 'def7654321'));
    expect(finished.map(({ method, seed }) => `${method} ${seed}`)).toEqual([
      'twn 1',
      'twn 2',
      'bnn 1',
      'bnn 2',
    ]);
    expect(finished[0]?.run.id).toBe(done?.run.id);
    expect(finished[1]?.run.id).toBe(id);
    for (const { run, seconds } of finished) {
      expect(run.status).toBe('finished');
      expect(run.accuracy).toBeGreaterThan(0.3);
      expect(seconds).toBeGreaterThan(0);
    }
    // Each keeps the commit that it was started from.
    expect(finished.map(({ run }) => commitOf(run.tags))).toEqual([
      'abc1234567',
      'abc1234567',
      'def7654321',
      'def7654321',
    ]);

    const again = await collect(host, cellsOf(BUDGET, 'def7654321'));
    expect(again.map(({ run }) => run.id)).toEqual(finished.map(({ run }) => run.id));
    expect(await host.services.run.list({})).toHaveLength(4);
    const longer = await collect(host, cellsOf({ ...BUDGET, epochs: 2, seeds: 1 }, 'def7654321'));
    expect(longer.map(({ run }) => run.epochsDone)).toEqual([2, 2]);
    expect(await host.services.run.list({})).toHaveLength(6);
  });
});

describe('the table', () => {
  it('has mean and deviation of the sample', () => {
    expect(statistics([0.9, 0.92, 0.97])).toEqual({
      mean: expect.closeTo(0.93, 12) as number,
      deviation: expect.closeTo(Math.sqrt(0.0013), 12) as number,
      least: 0.9,
      most: 0.97,
    });
    expect(statistics([0.5]).deviation).toBeNull();
  });

  it('has a row per method with what made it, and says how many runs are missing', () => {
    const cells = cellsOf(BUDGET, 'abc1234567')
      .slice(0, 3)
      .map((cell, i) => ({
        ...cell,
        seconds: 10 + i,
        run: {
          accuracy: [0.96, 0.98, 0.5][i],
          device: 'wasm',
          deviceName: 'a processor',
          epochsDone: 1,
          tags: cell.config.tags,
        } as RunSummary,
      }));
    const page = accuracyPage(BUDGET, 'npm run bench:methods', cells);
    expect(page).toContain(
      '| [TWN](methods/twn.md) | 2 bit | float | 97.00 ± 1.41 | 96.00 | 98.00 | 2 | 1 | 11 | wasm: a processor | `abc1234567` |',
    );
    expect(page).toContain('| [BNN](methods/bnn.md) | 1 bit | 1 bit | 50.00 | 50.00 | 50.00 | 1 |');
    expect(page).toContain('1 of 4 runs are still to come');
    expect(page).toContain('`npm run bench:methods`');
  });
});
