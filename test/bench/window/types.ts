import type { SceneSize } from './scenes/types.ts';

export interface BenchOptions {
  /** Small and short: to see that everything runs, not to learn anything. */
  quick: boolean;
  /** Of live metrics. */
  minutes: number;
  /** Of the first paint. */
  repeats: number;
  /** Folder of a built window; absent: `out/renderer`. */
  built: string | undefined;
}

/** One number. */
export interface Figure {
  what: string;
  value: number;
  unit: 'ms' | 'MB' | '%' | '';
  /** It is to be below this. */
  goal?: number;
}

/** What is done to the window, and what is read off. */
export interface Measurement {
  id: string;
  title: string;
  /** How it is measured, in a sentence. */
  how(size: SceneSize, options: BenchOptions): string;
  measure(size: SceneSize, options: BenchOptions): Promise<Figure[]>;
}

export function sizeOf({ quick }: BenchOptions): SceneSize {
  return quick
    ? { runs: 40, series: 4, points: 500, layers: 20 }
    : { runs: 10_000, series: 10, points: 10_000, layers: 100 };
}
