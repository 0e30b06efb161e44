import type { ParityResult } from '#shared/contract/api/parity.ts';
import { count, number } from '../../../components/base/format.ts';
import type { TextTable } from '../table.ts';
import { className } from './parity-words.ts';

/** Logits of the three, and which class each of them takes. */
export function logitTable({ logits, classes, predicted, sample }: ParityResult): TextTable {
  const taken = (index: number) =>
    (['float', 'reference', 'firmware'] as const).filter((who) => predicted[who] === index);
  return {
    caption: 'Logits',
    heads: [
      { title: 'Class' },
      { title: 'Float' },
      { title: 'Reference, real' },
      { title: 'Reference' },
      { title: 'Firmware' },
      { title: 'Chosen by', text: true },
    ],
    rows: logits.map((row) => [
      `${className(classes, row.class)}${row.class === sample.label ? ' (true)' : ''}`,
      number(row.float),
      number(row.real),
      count(row.reference),
      `${count(row.firmware)}${row.firmware !== null && row.firmware !== row.reference ? ' ≠' : ''}`,
      taken(row.class).length === 3 ? 'all three' : taken(row.class).join(', '),
    ]),
  };
}
