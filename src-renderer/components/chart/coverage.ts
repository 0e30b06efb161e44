import type { Range } from './range.ts';

/** What the host was asked for, and whether it had to leave points out. */
export interface Loaded {
  /** Null: the whole axis. */
  range: Range | null;
  buckets: number;
  thinned: boolean;
}

/** The visible part and as much again on both sides, so that panning finds something there; null for all. */
export function rangeToAsk(visible: Range | null): Range | null {
  if (!visible) return null;
  const width = visible.to - visible.from;
  return { from: visible.from - width, to: visible.to + width };
}

/** How many parts to ask for, so that each pixel of the visible part gets one. */
export function bucketsToAsk(visible: Range | null, pixels: number): number {
  const wanted = Math.max(200, Math.round(pixels / 50) * 50);
  return Math.min(5000, visible ? 3 * wanted : wanted);
}

/** Whether what is there shows the visible part as well as a new answer would. */
export function covers(loaded: Loaded, visible: Range | null, whole: Range): boolean {
  const part = visible ?? whole;
  const held = loaded.range ?? whole;
  const inside =
    (held.from <= part.from || held.from <= whole.from) && (held.to >= part.to || held.to >= whole.to);
  if (!inside) return false;
  if (!loaded.thinned) return true;
  const finest = loaded.range ? 3 : 1;
  const density = (part.to - part.from) / (held.to - held.from);
  // Up to twice as close the buckets are still about as fine as the pixels.
  return density * finest > 0.5;
}
