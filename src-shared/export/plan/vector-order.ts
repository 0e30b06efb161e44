import type { IntegerWeights } from '../ir/graph.ts';

/**
 * Weights of a dense layer for a vector that was gathered channel by channel: tap c · pixels + p was p · channels + c.
 *
 * @param order absent: the vector has the graph's own order
 */
export function channelFirstWeights(
  weights: IntegerWeights,
  order: { pixels: number; channels: number } | undefined,
): IntegerWeights {
  if (!order) return weights;
  const { filters, taps, codes } = weights;
  const { pixels, channels } = order;
  const moved = new Int8Array(codes.length);
  for (let filter = 0; filter < filters; filter++) {
    for (let channel = 0; channel < channels; channel++) {
      for (let pixel = 0; pixel < pixels; pixel++) {
        moved[filter * taps + channel * pixels + pixel] =
          codes[filter * taps + pixel * channels + channel] ?? 0;
      }
    }
  }
  return { filters, taps, codes: moved };
}
