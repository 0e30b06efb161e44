import type { StateBand, StateShares } from './shares.ts';

export interface Box {
  x: number;
  y: number;
  width: number;
  height: number;
}

/** One band of a stacked picture. */
export interface DrawnBand extends Pick<StateBand, 'label' | 'sign' | 'strength'> {
  /** Closed outline. */
  path: string;
  /** Its share at the end, and the height at which its name stands there. */
  end: number;
  middle: number;
}

/** Pixels between two names. */
const LINE = 13;

/** Outlines of the bands, the first one at the bottom; a single epoch fills the whole width. */
export function bandPaths({ epochs, bands }: StateShares, box: Box): DrawnBand[] {
  const first = epochs[0] ?? 0;
  const span = (epochs.at(-1) ?? 0) - first;
  const places =
    span > 0
      ? epochs.map((epoch) => box.x + ((epoch - first) / span) * box.width)
      : [box.x, box.x + box.width];
  const column = (values: readonly number[]) => (span > 0 ? values : places.map(() => values.at(-1) ?? 0));
  let below: readonly number[] = places.map(() => 0);
  const drawn = bands.map(({ label, sign, strength, shares }) => {
    const above = column(shares).map((share, i) => (below[i] ?? 0) + share);
    const point = (x: number, share: number) =>
      `${x.toFixed(1)},${(box.y + (1 - share) * box.height).toFixed(1)}`;
    const top = places.map((x, i) => point(x, above[i] ?? 0));
    const base = places.map((x, i) => point(x, below[i] ?? 0)).toReversed();
    const middle = box.y + (1 - ((above.at(-1) ?? 0) + (below.at(-1) ?? 0)) / 2) * box.height;
    below = above;
    return {
      label,
      sign,
      strength,
      path: `M${[...top, ...base].join('L')}Z`,
      end: shares.at(-1) ?? 0,
      middle,
    };
  });
  return spreadNames(drawn, box);
}

/** Moves names apart that would lie over each other; they stay in their order, from the bottom up. */
function spreadNames(bands: DrawnBand[], { y, height }: Box): DrawnBand[] {
  let lowest = y + height;
  const raised = bands.map((band) => {
    if (band.end === 0) return band;
    const middle = Math.min(band.middle, lowest);
    lowest = middle - LINE;
    return { ...band, middle };
  });
  // What was pushed out at the top comes back down.
  let highest = y;
  return raised
    .toReversed()
    .map((band) => {
      if (band.end === 0) return band;
      const middle = Math.max(band.middle, highest);
      highest = middle + LINE;
      return { ...band, middle };
    })
    .toReversed();
}

/** Negative codes are blue, positive ones copper, 0 is gray; the further out, the stronger. */
export function bandTone({ sign, strength }: Pick<StateBand, 'sign' | 'strength'>): { fill: string } {
  if (sign === 0) return { fill: 'var(--ui-bg-accented)' };
  const colour = sign < 0 ? 'var(--ui-info)' : 'var(--ui-primary)';
  return { fill: `color-mix(in oklab, ${colour} ${Math.round(40 + 60 * strength)}%, var(--ui-bg))` };
}
