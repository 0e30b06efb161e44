import { arrayText, banner } from './c-text.ts';
import { tableList } from './table-checks.ts';
import type { BundleFile, Emission } from './types.ts';
import { tablesOf, type Table } from './weights.ts';

/** `src/<net>_weights.h` and `src/<net>_weights.c`. */
export function weightFiles(emission: Emission): BundleFile[] {
  const { name, upper } = emission;
  const tables = tablesOf(emission);
  const title = `Constant tables of the network ${name}.`;
  const declare = (table: Table) => `const ${table.type} ${table.name}[${table.values.length}]`;
  const header =
    banner(title, []) +
    `#ifndef ${upper}_WEIGHTS_H\n#define ${upper}_WEIGHTS_H\n\n#include <stdint.h>\n\n` +
    tables.map((table) => `extern ${declare(table)};\n`).join('') +
    '\n#endif\n';
  const source =
    banner(title, [
      'Bit planes: one row of 32-bit words per filter; bit k & 31 of word k >> 5 belongs to tap k (bitsmith.h).',
    ]) +
    `#include "${name}.h"\n#include "${name}_weights.h"\n\n` +
    tables
      .map((table) =>
        arrayText(declare(table) + (table.aligned ? ` BS_ALIGNED(${table.aligned})` : ''), table.values),
      )
      .join('\n') +
    tableList(emission);
  return [
    { path: `src/${name}_weights.h`, content: header },
    { path: `src/${name}_weights.c`, content: source },
  ];
}
