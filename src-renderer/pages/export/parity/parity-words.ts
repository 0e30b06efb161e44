import type { ParityResult } from '#shared/contract/api/parity.ts';
import { count } from '../../../components/base/format.ts';

export type Row = ParityResult['rows'][number];

/** What agrees and what does not, in one sentence. */
export function verdictSentence(result: ParityResult): { ok: boolean; text: string } {
  if (result.firstDifference !== null)
    return {
      ok: false,
      text: `The firmware differs from the reference, first in ${result.firstDifference}.`,
    };
  if (result.runner === null)
    return { ok: true, text: 'The firmware was not run here; float network and reference are compared.' };
  return { ok: true, text: 'The firmware agrees with the reference in every integer of every layer.' };
}

/** How the float network and the reference compare; null where there is no float network. */
export function floatSentence({ floatReason, firstRounding, rows }: ParityResult): string | null {
  if (floatReason !== null) return null;
  if (firstRounding !== null) {
    const row = rows.find(({ id }) => id === firstRounding);
    return `Float network and integers first decide otherwise in ${firstRounding}: ${count(row?.float?.codes)} of ${count(row?.float?.compared)} codes.`;
  }
  return 'Every code is the one that the float network gives.';
}

/** `digit 7`, or its number where it has no name of its own. */
export function className(classes: readonly string[], index: number | null): string {
  if (index === null) return '–';
  const name = classes[index];
  return name && name !== String(index) ? `${index} ${name}` : String(index);
}

export function sampleSentence({ sample, classes }: ParityResult): string {
  const label = sample.label === null ? '' : `, class ${className(classes, sample.label)}`;
  return `${sample.source === 'adversarial' ? 'Adversarial' : sample.source === 'test' ? 'Test' : 'Random'} sample ${count(sample.index)} of ${count(sample.of)}${label}`;
}

/** Rows to show: those that leave a kernel, or all. */
export function shownRows(rows: readonly Row[], inner: boolean): Row[] {
  return rows.filter((row) => inner || row.id === row.step);
}

/** Of integers. */
export function rangeText({ low, high }: { low: number; high: number }): string {
  return `${integer(low)} … ${integer(high)}`;
}

function integer(value: number): string {
  return count(value).replace('-', '−');
}
