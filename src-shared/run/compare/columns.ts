/** One metric series as columns that belong together, in step order. */
export interface Columns {
  readonly step: ArrayLike<number>;
  readonly epoch: ArrayLike<number>;
  /** Seconds of training, pauses left out. */
  readonly time: ArrayLike<number>;
  readonly value: ArrayLike<number>;
}

/** A stretch of a run without a pause: from its start, or from where it was resumed. */
export interface Session {
  /** Steps that were done when it began. */
  step: number;
  /** Seconds of training that were done when it began. */
  elapsed: number;
  /** When it began, in milliseconds since 1970. */
  at: number;
}

export const NO_COLUMNS: Columns = { step: [], epoch: [], time: [], value: [] };

/** First index at which an ascending column is not below `value`. */
export function lowerBound(column: ArrayLike<number>, value: number): number {
  let low = 0;
  let high = column.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((column[middle] ?? 0) < value) low = middle + 1;
    else high = middle;
  }
  return low;
}
