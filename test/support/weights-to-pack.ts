import type { IntegerWeights } from '#shared/export/ir/graph.ts';
import type { Draw } from './random-quantities.ts';

/** Weights {-1, 0, +1} of any shape and density: full, empty, runs longer than a byte counts, odd starts of filters. */
export function weightsToPack(draw: Draw): IntegerWeights[] {
  const shapes = [
    ...[1, 2, 4, 5, 6, 7, 8, 9, 14, 15, 16, 31, 32, 33, 63, 64, 65, 72, 144].map((taps) => [
      draw.int(1, 9),
      taps,
    ]),
    ...[254, 255, 256, 257, 511, 576, 640, 1021].map((taps) => [draw.int(1, 3), taps]),
  ].map(([filters = 1, taps = 1]) => ({ filters, taps }));
  const densities = [0, 0.02, 0.1, 0.5, 0.9, 1];
  const random = shapes.flatMap(({ filters, taps }) =>
    densities.map((density) => ({
      filters,
      taps,
      codes: Int8Array.from({ length: filters * taps }, () =>
        draw.chance(density) ? (draw.chance(0.5) ? 1 : -1) : 0,
      ),
    })),
  );
  const constant = shapes.flatMap(({ filters, taps }) =>
    [-1, 1].map((code) => ({ filters, taps, codes: new Int8Array(filters * taps).fill(code) })),
  );
  return [
    ...random,
    ...constant,
    ...lonely(2000, [0, 254, 255, 256, 509, 510, 511, 765, 1999]),
    ...lonely(65535, [65534]),
  ];
}

/** One weight of each sign far from the start: about as many zeros as the skipping byte counts, and at the very end. */
function lonely(taps: number, where: readonly number[]): IntegerWeights[] {
  return where.map((tap) => {
    const codes = new Int8Array(2 * taps);
    codes[tap] = -1;
    codes[taps + tap] = 1;
    return { filters: 2, taps, codes };
  });
}
