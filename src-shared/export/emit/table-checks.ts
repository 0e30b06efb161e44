import { stringLiteral } from './c-text.ts';
import { tablesOf, type Table } from './weights.ts';
import type { Emission } from './types.ts';

/** Bytes of an element. */
export function elementBytes({ type }: Pick<Table, 'type'>): number {
  return Number(/\d+/.exec(type)?.[0] ?? 8) / 8;
}

/** CRC-32 (IEEE 802.3, reflected) over a table's elements, each least significant byte first: as `bs_crc32_table`. */
export function tableCrc(table: Table): number {
  const bits = 8 * elementBytes(table);
  let crc = 0xffffffff;
  for (const text of table.values) {
    const element = literalValue(text);
    for (let bit = 0; bit < bits; bit++) {
      const mix = (crc ^ (element >>> bit)) & 1;
      crc = (crc >>> 1) ^ (mix ? 0xedb88320 : 0);
    }
  }
  return (crc ^ 0xffffffff) >>> 0;
}

/** The number that a C literal of `c-text.ts` stands for. */
export function literalValue(text: string): number {
  return text.startsWith('(') ? -0x80000000 : Number(text.replace(/U$/, ''));
}

/** The list of all tables, for the self test: a definition that follows them. */
export function tableList(emission: Emission): string {
  const { name, upper } = emission;
  const rows = tablesOf(emission).map((table) => {
    const title = stringLiteral(table.name.slice(name.length + 1));
    return `    {${title}, ${table.name}, ${elementBytes(table)}U, ${table.values.length}U},\n`;
  });
  return `
#ifdef ${upper}_OBSERVE
const bs_table ${name}_tables[${upper}_TABLES] = {
${rows.join('')}};
#endif
`;
}
