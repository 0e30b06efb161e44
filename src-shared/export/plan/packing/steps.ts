import type { IntegerWeights } from '../../ir/graph.ts';
import type { PackedWeights, Packing } from './types.ts';
import { countsOf, isTernary } from './weights.ts';

/** The largest distance that a byte holds. */
const FARTHEST = 255;
/** From so many taps on, counts take two bytes: BS_STEPS_WIDE of the runtime. */
const WIDE = 255;
/** Below so many taps, leaving out the +1 weights of a filter without zeros does not repay the sum of all taps. */
const SHARED = 33;

/**
 * Lists that the sliced convolutions walk where they lie, as fast as decoded ones: about a byte for each weight that is
 * not 0, or half a byte for a weight of filters without zeros.
 */
export const steps: Packing = {
  id: 'steps',
  title: 'Steps, 8 bits for each weight that is not 0, nothing to decode',
  decoder: 'bs_decode_steps',
  decoderBytes: 236,
  fits: (weights) => isTernary(weights) && filtersOf(weights).every(({ sound }) => sound),
  pack: (weights) => ({ data: Uint8Array.from(filtersOf(weights).flatMap(({ bytes }) => bytes)) }),
  bytes: (weights) => filtersOf(weights).reduce((sum, { bytes }) => sum + bytes.length, 0),
  decodeCost: (of) => {
    const { filters, weights, nonzeros } = countsOf(of);
    // Of filters without zeros, the taps between the listed ones are filled in.
    const dense = nonzeros === weights && of.taps >= SHARED;
    return dense ? 60 * filters + 8.3 * weights : 42 * filters + 5.4 * nonzeros;
  },
  unpack,
};

interface Filter {
  bytes: number[];
  /** Whether the lists have room for all taps, and are full only where no weight is 0. */
  sound: boolean;
}

function filtersOf({ filters, taps, codes }: IntegerWeights): Filter[] {
  return Array.from({ length: filters }, (_, filter) => {
    const row = [...codes.subarray(filter * taps, (filter + 1) * taps)];
    const tapsOf = (code: number) => row.flatMap((value, tap) => (value === code ? [tap] : []));
    const positive = tapsOf(1);
    const negative = tapsOf(-1);
    const dense = positive.length + negative.length === taps;
    if (dense && taps >= SHARED && gaps(negative).length === 0) {
      return {
        bytes: [...count(taps, 0xffff), ...count(taps, negative.length), ...distances(negative)],
        sound: true,
      };
    }
    const [up, down] = bridged(positive, negative);
    return {
      bytes: [...count(taps, up.length), ...count(taps, down.length), ...distances(up), ...distances(down)],
      sound: up.length + down.length < taps || (dense && up.length + down.length === taps),
    };
  });
}

/** Both lists with taps between that cancel out, so that no distance in either is too large for a byte. */
function bridged(positive: readonly number[], negative: readonly number[]): [number[], number[]] {
  let [up, down] = [[...positive], [...negative]];
  for (;;) {
    const between = [...gaps(up), ...gaps(down)];
    if (between.length === 0) return [up, down];
    up = [...up, ...between].toSorted((a, b) => a - b);
    down = [...down, ...between].toSorted((a, b) => a - b);
  }
}

const count = (taps: number, value: number): number[] =>
  taps < WIDE ? [value & 255] : [value & 255, value >> 8];

/** Taps to put between, so that no distance is too large for a byte. */
function gaps(list: readonly number[]): number[] {
  const between: number[] = [];
  let last = 0;
  for (const tap of list) {
    for (; tap - last > FARTHEST; last += FARTHEST) between.push(last + FARTHEST);
    last = tap;
  }
  return between;
}

const distances = (list: readonly number[]): number[] =>
  list.map((tap, index) => tap - (list[index - 1] ?? 0));

function unpack({ data }: PackedWeights, filters: number, taps: number): IntegerWeights {
  const codes = new Int8Array(filters * taps);
  let at = 0;
  const byte = () => data[at++] ?? 0;
  const number = () => (taps < WIDE ? byte() : byte() + 256 * byte());
  for (let filter = 0; filter < filters; filter++) {
    const row = codes.subarray(filter * taps, (filter + 1) * taps);
    const up = number();
    const down = number();
    const dense = up === (taps < WIDE ? 0xff : 0xffff);
    const walk = (entries: number, by: number) => {
      for (let tap = 0; entries > 0; entries--) {
        tap += byte();
        row[tap]! += by;
      }
    };
    if (dense) row.fill(1);
    else walk(up, 1);
    walk(down, dense ? -2 : -1);
  }
  return { filters, taps, codes };
}
