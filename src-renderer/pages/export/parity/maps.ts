import type { ParityValues } from '#shared/contract/api/parity.ts';

/** What can be looked at of a row. */
export const VIEWS = ['float', 'reference', 'firmware', 'difference'] as const;
export type View = (typeof VIEWS)[number];
export type Channel = ParityValues['channels'][number];
export const VIEW_TITLES: Record<View, string> = {
  float: 'Float',
  reference: 'Reference',
  firmware: 'Firmware',
  difference: 'Difference',
};

/** The numbers of one view on the scale of the reference's integers; null where there are none. */
export function onScale(channel: Channel, view: View): readonly number[] | null {
  switch (view) {
    case 'reference':
      return channel.reference;
    case 'firmware':
      return channel.firmware;
    case 'float': {
      const { float, real, reference, unit } = channel;
      if (!float || !real || !unit) return null;
      return reference.map((integer, i) => integer + ((float[i] ?? 0) - (real[i] ?? 0)) / unit);
    }
    case 'difference':
      return channel.reference.map((_, i) => Number(marksOf(channel, i) !== null));
  }
}

/** What differs at an element: the firmware, or the code that the float network would give; null: nothing. */
export function marksOf(
  { reference, firmware, float, real, unit }: Channel,
  i: number,
): 'firmware' | 'float' | null {
  if (firmware && firmware[i] !== reference[i]) return 'firmware';
  const off = float && real ? Math.abs((float[i] ?? 0) - (real[i] ?? 0)) : 0;
  return unit && off > Math.abs(unit) / 2 ? 'float' : null;
}

export function differing(channel: Channel): { firmware: number; float: number } {
  const result = { firmware: 0, float: 0 };
  channel.reference.forEach((_, i) => {
    const mark = marksOf(channel, i);
    if (mark) result[mark]++;
  });
  return result;
}

type Colour = readonly [number, number, number];
interface Scale {
  zero: Colour;
  above: Colour;
  below: Colour;
  differs: Colour;
}
const LIGHT: Scale = {
  zero: [244, 244, 245],
  above: [29, 78, 216],
  below: [194, 65, 12],
  differs: [190, 24, 93],
};
const DARK: Scale = {
  zero: [39, 39, 42],
  above: [125, 179, 255],
  below: [251, 154, 75],
  differs: [244, 114, 182],
};

/**
 * Pixels of a map: 0 is the ground, what is above it blue, what is below it orange; differences are pink.
 *
 * @param most the magnitude with the full colour, the same for all views of a row
 */
export function paint(values: readonly number[], view: View, most: number, dark: boolean): Uint8ClampedArray {
  const scale = dark ? DARK : LIGHT;
  const out = new Uint8ClampedArray(values.length * 4);
  values.forEach((value, i) => {
    const share = view === 'difference' ? value : Math.max(-1, Math.min(1, value / Math.max(most, 1e-12)));
    const towards = view === 'difference' ? scale.differs : share < 0 ? scale.below : scale.above;
    for (let c = 0; c < 3; c++)
      out[i * 4 + c] = (scale.zero[c] ?? 0) + ((towards[c] ?? 0) - (scale.zero[c] ?? 0)) * Math.abs(share);
    out[i * 4 + 3] = 255;
  });
  return out;
}

/** Width of a map as it is drawn: a long vector is folded into lines. */
export function foldedWidth([height, width]: readonly number[]): number {
  return height === 1 ? Math.min(width ?? 1, FOLD) : (width ?? 1);
}
export const FOLD = 16;
