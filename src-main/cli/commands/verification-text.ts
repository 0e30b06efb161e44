import type { VerifyResult, VerifyRow, VerifySamples } from '#shared/contract/api/export.ts';
import { bytes, percent, table } from '../output.ts';

/** What a verification found: the samples, a line for each place, and the instructions of each layer. */
export function describeVerification(result: VerifyResult): string {
  const rows = [result.host, ...result.cores];
  return [describeSamples(result.samples), ...rows.map(describeRow), ...describeLayers(rows)].join('\n');
}

function describeSamples({ asked, taken, source, adversarial, ...found }: VerifySamples): string {
  const kind = source === 'test' ? 'test samples' : 'random samples (the data set is not installed)';
  const fewer = taken < asked ? ` of ${asked} asked for: as many as the reference computes in time` : '';
  const hit = `${found.thresholdsHit} of ${found.thresholds} thresholds hit exactly or missed by one`;
  return `${taken} ${kind}${fewer}, ${adversarial} adversarial ones (${hit})`;
}

function describeRow(row: VerifyRow): string {
  if (!row.ran) return `${row.core}: not verified: ${row.reason ?? ''}`;
  const first = row.firstMismatch;
  return [
    `${row.core} (${row.runner}): ${row.matched} of ${row.total} samples agree in every integer`,
    ...(row.frontEnd ? [`front end: ${row.frontEnd.matched} of ${row.frontEnd.clips} clips`] : []),
    ...(row.accuracy === null ? [] : [`accuracy ${percent(row.accuracy)}`]),
    ...(row.instructionsPerInference === null
      ? []
      : [`${row.instructionsPerInference.toLocaleString('en')} instructions per inference`]),
    ...(row.flashBytes === null ? [] : [`flash ${bytes(row.flashBytes)}, RAM ${bytes(row.ramBytes)}`]),
    ...(first
      ? [
          `first difference: sample ${first.sample}, layer ${first.layer}[${first.index}]: ${first.got}, not ${first.expected}`,
        ]
      : []),
    ...(row.reason === null ? [] : [row.reason]),
  ].join('; ');
}

/** Instructions of each layer on each core that counted them. */
function describeLayers(rows: readonly VerifyRow[]): string[] {
  const counted = rows.filter(({ layers }) => layers.length > 0);
  const [first] = counted;
  if (!first) return [];
  return [
    'instructions per layer',
    table(
      ['layer', ...counted.map(({ core }) => core)],
      first.layers.map(({ id }, index) => [
        id,
        ...counted.map(({ layers }) => (layers[index]?.instructions ?? 0).toLocaleString('en')),
      ]),
    ),
  ];
}
