import { interpretAll } from '../../verify/interpret.ts';
import type { IntegerGraph } from '../ir/graph.ts';
import type { Plan } from '../plan/types.ts';
import { arrayText, banner, hex32, int32Literal, stringLiteral } from './c-text.ts';
import { tableCrc } from './table-checks.ts';
import { tablesOf } from './weights.ts';
import type { BundleFile, Emission, GoldenVector } from './types.ts';

/** What the reference computes for samples: logits, and the CRC-32 of every layer. @param seen gets all values of each */
export function goldenVectors(
  graph: IntegerGraph,
  plan: Plan,
  samples: readonly Uint8Array[],
  seen?: (values: ReadonlyMap<string, Int32Array>) => void,
): GoldenVector[] {
  return samples.map((input) => {
    const { logits, values } = interpretAll(graph, input);
    seen?.(values);
    const crcs = plan.layers.map((layer) => crc32(values.get(layer.id) ?? new Int32Array(0)));
    return { input, logits, crcs };
  });
}

/** CRC-32 (IEEE 802.3, reflected) over int32 values, least significant byte first, as `bs_crc32_value` computes it. */
export function crc32(values: Int32Array): number {
  let crc = 0xffffffff;
  for (const value of values) {
    for (let bit = 0; bit < 32; bit++) {
      const mix = (crc ^ (value >>> bit)) & 1;
      crc = (crc >>> 1) ^ (mix ? 0xedb88320 : 0);
    }
  }
  return (crc ^ 0xffffffff) >>> 0;
}

/** `test/vectors.h` and `test/vectors.c`. */
export function goldenFiles(emission: Emission): BundleFile[] {
  const { golden, plan, name } = emission;
  const samples = golden.length;
  const declarations = [
    `const uint8_t golden_inputs[${samples}][NETWORK_INPUT_BYTES]`,
    `const int32_t golden_logits[${samples}][NETWORK_CLASSES]`,
    `const uint32_t golden_crcs[${samples}][NETWORK_LAYERS]`,
    `const char *const golden_layer_names[NETWORK_LAYERS]`,
    `const uint32_t golden_table_crcs[NETWORK_TABLES]`,
  ] as const;
  const title = `Golden vectors of ${name}: ${samples} samples, the reference's logits, and the CRC-32 of every layer and table.`;
  const header =
    banner(title, []) +
    '#ifndef BITSMITH_VECTORS_H\n#define BITSMITH_VECTORS_H\n\n#include "network.h"\n\n' +
    declarations.map((text) => `extern ${text};\n`).join('') +
    '\n#endif\n';
  const rows = (values: readonly (readonly string[])[]) => values.map((row) => `{${row.join(', ')}}`);
  const source =
    banner(title, [`Reference: the integer interpreter of Bitsmith ${emission.provenance.appVersion}.`]) +
    '#include "vectors.h"\n\n' +
    [
      arrayText(declarations[0], rows(golden.map(({ input }) => Array.from(input, String)))),
      arrayText(declarations[1], rows(golden.map(({ logits }) => Array.from(logits, int32Literal)))),
      arrayText(declarations[2], rows(golden.map(({ crcs }) => crcs.map(hex32)))),
      arrayText(
        declarations[3],
        plan.layers.map((layer) => stringLiteral(layer.id)),
      ),
      arrayText(
        declarations[4],
        tablesOf(emission).map((table) => hex32(tableCrc(table))),
      ),
    ].join('\n');
  return [
    { path: 'test/vectors.h', content: header },
    { path: 'test/vectors.c', content: source },
  ];
}
