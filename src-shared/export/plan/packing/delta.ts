import type { IntegerWeights } from '../../ir/graph.ts';
import type { PackedWeights, Packing } from './types.ts';
import { countsOf, isTernary } from './weights.ts';

/** A byte that says: so much further on, and no weight there. */
const SKIP = 255;

/** About a byte for each weight that is not 0: its distance from the last one of its sign. */
export const delta: Packing = {
  id: 'delta',
  title: 'Delta lists, 8 bits for each weight that is not 0',
  decoder: 'bs_decode_delta',
  decoderBytes: 232,
  fits: isTernary,
  pack: (weights) => ({ data: Uint8Array.from(filtersOf(weights).flatMap((filter) => [...filter])) }),
  bytes: (weights) => filtersOf(weights).reduce((sum, filter) => sum + filter.length, 0),
  decodeCost: (of) => {
    const { filters, nonzeros } = countsOf(of);
    // Filters of at most 255 taps need no look at the skipping byte.
    return of.taps <= SKIP ? 40 * filters + 5.12 * nonzeros : 37 * filters + 7.5 * nonzeros;
  },
  unpack,
};

/** The bytes of each filter. */
function filtersOf({ filters, taps, codes }: IntegerWeights): number[][] {
  return Array.from({ length: filters }, (_, filter) => {
    const row = codes.subarray(filter * taps, (filter + 1) * taps);
    const positive = row.reduce((count, code) => count + (code > 0 ? 1 : 0), 0);
    const negative = row.reduce((count, code) => count + (code < 0 ? 1 : 0), 0);
    const counts = [positive, negative].flatMap((count) =>
      taps <= 255 ? [count] : [count & 255, count >> 8],
    );
    return [...counts, ...distances(row, 1), ...distances(row, -1)];
  });
}

function distances(row: Int8Array, wanted: number): number[] {
  const bytes: number[] = [];
  let last = 0;
  row.forEach((code, tap) => {
    if (code !== wanted) return;
    for (; tap - last >= SKIP; last += SKIP) bytes.push(SKIP);
    bytes.push(tap - last);
    last = tap;
  });
  return bytes;
}

function unpack({ data }: PackedWeights, filters: number, taps: number): IntegerWeights {
  const codes = new Int8Array(filters * taps);
  let at = 0;
  const byte = () => data[at++] ?? 0;
  const count = () => (taps <= 255 ? byte() : byte() + 256 * byte());
  for (let filter = 0; filter < filters; filter++) {
    const counts = [count(), count()];
    counts.forEach((entries, index) => {
      let tap = 0;
      for (let left = entries; left > 0;) {
        const distance = byte();
        tap += distance;
        if (distance === SKIP) continue;
        codes[filter * taps + tap] = index === 0 ? 1 : -1;
        left--;
      }
    });
  }
  return { filters, taps, codes };
}
