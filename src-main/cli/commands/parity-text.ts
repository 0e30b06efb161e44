import type { ParityResult } from '#shared/contract/api/parity.ts';
import { table } from '../output.ts';

/** The sample, a line for each step of the firmware, and the logits of the three. */
export function describeParity(result: ParityResult): string {
  const { sample, rows, predicted, logits } = result;
  const name = (index: number | null) =>
    index === null ? '–' : `${index}${titled(result.classes[index], index)}`;
  const steps = rows.filter(({ id, step }) => id === step);
  return [
    `${sample.source} sample ${sample.index} of ${sample.of}${sample.label === null ? '' : `, class ${name(sample.label)}`}`,
    `float network: ${result.floatReason ?? 'the trained scales and batch norms, float32'}`,
    `firmware: ${result.runner ?? result.firmwareReason ?? ''}`,
    table(
      ['layer', 'computes', 'shape', 'form', 'range', 'firmware ≠', 'codes ≠ float', 'largest', 'mean'],
      steps.map((row) => [
        `${row.id}${row.id === result.firstDifference ? ' ← first difference' : ''}`,
        row.covers.map(({ id }) => id).join(' '),
        row.shape.join('×'),
        row.form,
        `${row.reference.low} … ${row.reference.high}`,
        row.firmware?.differing ?? null,
        row.float?.codes ?? null,
        row.float ? row.float.largest.toPrecision(3) : null,
        row.float ? row.float.mean.toPrecision(3) : null,
      ]),
    ),
    table(
      ['class', 'float', 'reference, real', 'reference', 'firmware'],
      logits.map((row) => [
        name(row.class),
        row.float === null ? null : row.float.toPrecision(6),
        row.real.toPrecision(6),
        row.reference,
        row.firmware,
      ]),
    ),
    `predicted: float ${name(predicted.float)}, reference ${name(predicted.reference)}, firmware ${name(predicted.firmware)}`,
  ].join('\n');
}

/** The name of a class where it says more than its number. */
function titled(name: string | undefined, index: number): string {
  return name && name !== String(index) ? ` (${name})` : '';
}
