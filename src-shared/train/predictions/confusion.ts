/** How often samples of each class were taken for each other one: `counts[truth · classes + predicted]`. */
export interface ConfusionMatrix {
  classes: number;
  counts: number[];
}

export function confusionMatrix(
  labels: ArrayLike<number>,
  predicted: ArrayLike<number>,
  classes: number,
): ConfusionMatrix {
  const counts = new Array<number>(classes * classes).fill(0);
  for (let i = 0; i < labels.length; i++) {
    const at = (labels[i] ?? 0) * classes + (predicted[i] ?? 0);
    counts[at] = (counts[at] ?? 0) + 1;
  }
  return { classes, counts };
}

/** Quality of one class. Null where nothing can be divided: no sample of the class, or none taken for it. */
export interface ClassScore {
  /** Samples of the class, and samples that were taken for it. */
  support: number;
  predicted: number;
  correct: number;
  /** Share of what was taken for the class that is of it. */
  precision: number | null;
  /** Share of the class that was found. */
  recall: number | null;
  /** Harmonic mean of both: 2·correct / (support + predicted). */
  f1: number | null;
}

export function classScores({ classes, counts }: ConfusionMatrix): ClassScore[] {
  return Array.from({ length: classes }, (_, c) => {
    let support = 0;
    let predicted = 0;
    for (let other = 0; other < classes; other++) {
      support += counts[c * classes + other] ?? 0;
      predicted += counts[other * classes + c] ?? 0;
    }
    const correct = counts[c * classes + c] ?? 0;
    return {
      support,
      predicted,
      correct,
      precision: ratio(correct, predicted),
      recall: ratio(correct, support),
      f1: ratio(2 * correct, support + predicted),
    };
  });
}

export interface ConfusionTotals {
  samples: number;
  correct: number;
  accuracy: number | null;
  /** Mean over the classes that have samples: each counts the same, however rare it is. */
  balancedAccuracy: number | null;
  macroF1: number | null;
}

export function confusionTotals(matrix: ConfusionMatrix): ConfusionTotals {
  const scores = classScores(matrix);
  const samples = scores.reduce((sum, { support }) => sum + support, 0);
  const correct = scores.reduce((sum, score) => sum + score.correct, 0);
  const present = scores.filter(({ support }) => support > 0);
  const mean = (values: number[]) =>
    ratio(
      values.reduce((a, b) => a + b, 0),
      values.length,
    );
  return {
    samples,
    correct,
    accuracy: ratio(correct, samples),
    balancedAccuracy: mean(present.map(({ recall }) => recall ?? 0)),
    macroF1: mean(present.map(({ f1 }) => f1 ?? 0)),
  };
}

export interface ConfusedPair {
  truth: number;
  predicted: number;
  count: number;
  /** Share of the true class's samples. */
  share: number;
}

/** Pairs of different classes that were confused, the most frequent first. */
export function confusedPairs({ classes, counts }: ConfusionMatrix, most: number): ConfusedPair[] {
  const supports = classScores({ classes, counts }).map(({ support }) => support);
  return counts
    .flatMap((count, at): ConfusedPair[] => {
      const truth = Math.floor(at / classes);
      const predicted = at % classes;
      return count > 0 && truth !== predicted
        ? [{ truth, predicted, count, share: count / (supports[truth] ?? 1) }]
        : [];
    })
    .toSorted(
      (a, b) => b.count - a.count || b.share - a.share || a.truth - b.truth || a.predicted - b.predicted,
    )
    .slice(0, most);
}

function ratio(part: number, whole: number): number | null {
  return whole === 0 ? null : part / whole;
}
