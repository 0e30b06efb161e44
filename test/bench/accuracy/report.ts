import { METHODS } from '#shared/quant/registry.ts';
import { naturalPair } from '#shared/quant/pairs.ts';
import { commitOf, type Budget } from './cells.ts';
import type { FinishedCell } from './finish-cells.ts';

export interface Statistics {
  mean: number;
  /** Of the sample (n − 1); null for a single value. */
  deviation: number | null;
  least: number;
  most: number;
}

export function statistics(values: readonly number[]): Statistics {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  return {
    mean,
    deviation: values.length > 1 ? Math.sqrt(squares / (values.length - 1)) : null,
    least: Math.min(...values),
    most: Math.max(...values),
  };
}

/** The page of accuracies as Markdown, from finished runs alone. */
export function accuracyPage(budget: Budget, command: string, cells: readonly FinishedCell[]): string {
  const rows = budget.methods.flatMap((method) => {
    const own = cells.filter((cell) => cell.method === method);
    return own.length > 0 ? [methodRow(method, own)] : [];
  });
  const missing = budget.methods.length * budget.seeds - cells.length;
  return [
    `# Accuracy of the methods on ${budget.dataset.toUpperCase()}`,
    `Test accuracy in deployment form, in percent, of \`${budget.model}\` after ${budget.epochs} epochs` +
      (budget.limit === undefined ? '' : ` on ${budget.limit} training samples`) +
      ': mean and standard deviation over the seeds, the worst and the best of them. All methods train with one recipe ' +
      '(Adam, batches of 100, learning rate 0.005 falling to 0.00005 by a cosine) and with the defaults of their ' +
      'parameters, so the table compares what a method gives untuned, not what its paper reports.',
    `Written by \`${command}\`; each row names the commit whose code trained it.`,
    ...(missing > 0 ? [`${missing} of ${budget.methods.length * budget.seeds} runs are still to come.`] : []),
    [
      '| method | weights | activations | accuracy, % | worst | best | seeds | epochs | seconds a run | device | commit |',
      '| --- | --- | --- | ---: | ---: | ---: | ---: | ---: | ---: | --- | --- |',
      ...rows,
    ].join('\n'),
    '',
  ].join('\n\n');
}

function methodRow(method: string, cells: readonly FinishedCell[]): string {
  const card = METHODS.find((candidate) => candidate.card.id === method)?.card;
  const { weights, activations } = naturalPair(method);
  const { mean, deviation, least, most } = statistics(cells.map(({ run }) => run.accuracy ?? 0));
  const seconds = cells.reduce((sum, cell) => sum + cell.seconds, 0) / cells.length;
  const devices = unique(cells.map(({ run }) => [run.device, run.deviceName].filter(Boolean).join(': ')));
  const commits = unique(cells.map(({ run }) => commitOf(run.tags)));
  const cellsOfRow = [
    `[${card?.title ?? method}](methods/${method}.md)`,
    sideText(weights, card?.bits.weights),
    sideText(activations, card?.bits.activations),
    deviation === null ? percent(mean) : `${percent(mean)} ± ${percent(deviation)}`,
    percent(least),
    percent(most),
    cells.length,
    unique(cells.map(({ run }) => String(run.epochsDone))).join(', '),
    seconds.toFixed(0),
    devices.join('; '),
    commits.map((commit) => `\`${commit}\``).join(', '),
  ];
  return `| ${cellsOfRow.join(' | ')} |`;
}

function sideText(id: string, bits: number | undefined): string {
  return id === 'full-precision' ? 'float' : `${bits ?? '–'} bit`;
}

function percent(fraction: number): string {
  return (fraction * 100).toFixed(2);
}

function unique(values: readonly string[]): string[] {
  return [...new Set(values)];
}
