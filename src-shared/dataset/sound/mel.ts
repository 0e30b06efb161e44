import type { SoundFrontEnd } from './spec.ts';

type Scale = SoundFrontEnd['scale'];

/** Slaney's scale is linear up to 1000 Hz (15 mel), then 27 steps make a factor of 6.4. */
const BREAK_HERTZ = 1000;
const BREAK_MEL = 15;
const LOG_STEP = Math.log(6.4) / 27;

/**
 * Mel of a frequency.
 * - `htk`: 2595 · log₁₀(1 + f/700) (O'Shaughnessy 1987; the HTK Book, section 5.4)
 * - `slaney`: 3f/200 below 1000 Hz, 15 + 27 · ln(f/1000)/ln 6.4 above (Slaney, Auditory Toolbox, 1998)
 */
export function melOf(hertz: number, scale: Scale): number {
  if (scale === 'htk') return 2595 * Math.log10(1 + hertz / 700);
  return hertz < BREAK_HERTZ
    ? (hertz * BREAK_MEL) / BREAK_HERTZ
    : BREAK_MEL + Math.log(hertz / BREAK_HERTZ) / LOG_STEP;
}

/** The inverse of `melOf`. */
export function hertzOf(mel: number, scale: Scale): number {
  if (scale === 'htk') return 700 * (10 ** (mel / 2595) - 1);
  return mel < BREAK_MEL
    ? (mel * BREAK_HERTZ) / BREAK_MEL
    : BREAK_HERTZ * Math.exp((mel - BREAK_MEL) * LOG_STEP);
}

/** Edges of the triangles in hertz, `bands` + 2 of them, evenly spaced in mel: band b rises from edge b, peaks at b + 1. */
export function melEdges({
  bands,
  lowest,
  highest,
  scale,
}: Pick<SoundFrontEnd, 'bands' | 'lowest' | 'highest' | 'scale'>): number[] {
  const [low, high] = [melOf(lowest, scale), melOf(highest, scale)];
  return Array.from({ length: bands + 2 }, (_, i) => hertzOf(low + ((high - low) * i) / (bands + 1), scale));
}

export interface MelBank {
  /** First bin at or above each edge. */
  edges: Uint16Array;
  /**
   * For each bin from `edges[0]` on, in 1/256, how far it lies from its left edge to its right one: the weight with which
   * it counts for the band that rises there; the rest of 256 counts for the band that falls. So every bin between the
   * first and the last peak counts as a whole.
   */
  rise: Uint8Array;
}

/** The triangles over the bins of the spectrum; heights are 1, linear in hertz. */
export function melBank(
  spec: Pick<SoundFrontEnd, 'bands' | 'lowest' | 'highest' | 'scale' | 'sampleRate' | 'fft'>,
): MelBank {
  const { sampleRate, fft } = spec;
  const hertz = melEdges(spec);
  const last = fft / 2 + 1;
  const edges = Uint16Array.from(hertz, (edge) =>
    Math.min(last, Math.ceil((edge * fft) / sampleRate - 1e-9)),
  );
  const rise = new Uint8Array(edges.at(-1)! - edges[0]!);
  for (let s = 0; s + 1 < hertz.length; s++) {
    const [left, right] = [hertz[s]!, hertz[s + 1]!];
    for (let bin = edges[s]!; bin < edges[s + 1]!; bin++) {
      const share = ((bin * sampleRate) / fft - left) / (right - left);
      rise[bin - edges[0]!] = Math.max(0, Math.min(255, Math.round(256 * share)));
    }
  }
  return { edges, rise };
}

/** The first band that no bin of the spectrum counts for; −1: there is none. */
export function emptyBand({ edges, rise }: MelBank): number {
  for (let band = 0; band + 2 < edges.length; band++) {
    let weight = edges[band + 2]! - edges[band + 1]!;
    for (let bin = edges[band]!; bin < edges[band + 1]!; bin++) weight += rise[bin - edges[0]!]!;
    if (weight === 0) return band;
  }
  return -1;
}
