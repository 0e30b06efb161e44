import type { InputFeature } from '#shared/dataset/features.ts';
import { number } from '../../../components/base/format.ts';
import type { Shape } from '../../../components/image/pixels.ts';

/** The values of a row of a table, or of the last row of a window, as they were before they became bytes. */
export function valuesOf(
  bytes: Uint8Array,
  [rows, , channels]: Shape,
  features: readonly InputFeature[],
): { name: string; text: string }[] {
  const from = (rows - 1) * channels;
  return Array.from({ length: channels }, (_, channel) => {
    const byte = bytes[from + channel] ?? 0;
    const feature = features[channel];
    if (!feature) return { name: String(channel), text: String(byte) };
    const { name, minimum, maximum } = feature;
    return { name, text: number(minimum + (byte / 255) * (maximum - minimum)) };
  });
}
