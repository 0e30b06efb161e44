import { execFileSync } from 'node:child_process';
import * as path from 'node:path';
import { parseArgs } from 'node:util';
import * as prettier from 'prettier';
import { ProgressLine } from '#main/cli/output.ts';
import { finishTask, withHost } from '#main/cli/session.ts';
import type { Host } from '#main/host.ts';
import { writeFileAtomic } from '#main/platform/files.ts';
import { BitsmithError, exitStatusOf, messageOf } from '#shared/base/errors.ts';
import { accuracyPage } from './accuracy/report.ts';
import { allMethods, cellsOf, type Budget } from './accuracy/cells.ts';
import { finishCells, type FinishedCell } from './accuracy/finish-cells.ts';

/**
 * Trains every method over several seeds and writes `docs/accuracy.md`:
 * `npm run bench:methods -- [--epochs N] [--seeds N] [--methods a,b] [--model PRESET] [--device ID] [--limit SAMPLES]
 * [--data-dir FOLDER] [--out FILE]`. Each run is one of the store; a command that was killed goes on where it was.
 */
const { values: given } = parseArgs({
  options: {
    epochs: { type: 'string', default: '10' },
    seeds: { type: 'string', default: '3' },
    methods: { type: 'string', default: '' },
    model: { type: 'string', default: 'lenet-small' },
    device: { type: 'string', default: 'auto' },
    limit: { type: 'string' },
    'data-dir': { type: 'string', default: '.cache/bench-methods' },
    out: { type: 'string', default: 'docs/accuracy.md' },
  },
});
const chosen = given.methods.split(',').filter(Boolean);
const progress = new ProgressLine();

try {
  await main();
} catch (error) {
  progress.note(`bench:methods: ${messageOf(error)}`);
  process.exitCode = exitStatusOf(error);
}

async function main(): Promise<void> {
  const budget = readBudget();
  const cells = cellsOf(budget, commit());
  await withHost({ dataDir: path.resolve(given['data-dir']) }, async (host) => {
    await getDataset(host, budget);
    const finished: FinishedCell[] = [];
    for await (const cell of finishCells(host, cells, (text) => progress.note(text))) {
      finished.push(cell);
      await writePage(budget, finished);
    }
  });
  progress.note(`${given.out} is written from ${cells.length} runs`);
}

function readBudget(): Budget {
  const unknown = chosen.find((id) => !allMethods().includes(id));
  if (unknown !== undefined)
    throw new BitsmithError(
      'invalid-input',
      `--methods: there is no method "${unknown}"; allowed: ${allMethods().join(', ')}`,
    );
  return {
    methods: chosen.length > 0 ? chosen : allMethods(),
    seeds: wholeNumber('seeds', given.seeds),
    epochs: wholeNumber('epochs', given.epochs),
    model: given.model,
    dataset: 'mnist',
    device: given.device,
    limit: given.limit === undefined ? undefined : wholeNumber('limit', given.limit),
  };
}

async function getDataset(host: Host, budget: Budget): Promise<void> {
  const { task } = await host.services.dataset.get({ name: budget.dataset });
  await finishTask(host, task, progress);
}

/** After each run, so that what is there is there. */
async function writePage(budget: Budget, finished: readonly FinishedCell[]): Promise<void> {
  const options = await prettier.resolveConfig(given.out);
  const text = accuracyPage(budget, commandText(budget), finished);
  const formatted = await prettier.format(text, { ...options, parser: 'markdown' });
  writeFileAtomic(path.resolve(given.out), Buffer.from(formatted));
}

/** The command with the options that decide the numbers. */
function commandText(budget: Budget): string {
  const options = [
    `--epochs ${budget.epochs}`,
    `--seeds ${budget.seeds}`,
    ...(chosen.length > 0 ? [`--methods ${chosen.join(',')}`] : []),
    `--model ${budget.model}`,
    ...(budget.device === 'auto' ? [] : [`--device ${budget.device}`]),
    ...(budget.limit === undefined ? [] : [`--limit ${budget.limit}`]),
  ];
  return `npm run bench:methods -- ${options.join(' ')}`;
}

function commit(): string {
  const git = (...args: string[]) => execFileSync('git', args, { encoding: 'utf8' }).trim();
  const changed = git('status', '--porcelain', '--', 'src-shared', 'src-main') !== '';
  return git('rev-parse', '--short=10', 'HEAD') + (changed ? '-changed' : '');
}

function wholeNumber(name: string, text: string): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1)
    throw new BitsmithError('invalid-input', `--${name} is "${text}"; it must be a whole number from 1`);
  return value;
}
