/** Which way a quantity is better. */
export type Better = 'higher' | 'lower';

/** A candidate; what is null is not known, and cannot be compared. */
export interface Candidate {
  id: string;
  x: number | null;
  y: number | null;
}

export interface Pareto {
  /** Ids of the candidates that none dominates, from the lowest x on; among equals in the order that was given. */
  front: string[];
  /** For each dominated candidate, one of the front that dominates it. */
  dominated: Map<string, string>;
  /** Ids without x, without y, or without both. */
  unknown: string[];
}

/**
 * The Pareto front over two quantities. One candidate dominates another where it is nowhere worse and somewhere better:
 *
 *   a ≻ b  ⇔  x_a ≥ x_b ∧ y_a ≥ y_b ∧ (x_a, y_a) ≠ (x_b, y_b),
 *
 * with ≥ for "at least as good", whichever way that is. So equal candidates stand on the front together, and one that
 * only ties in x, with a worse y, does not. In n · log n steps.
 */
export function paretoFront(candidates: readonly Candidate[], better: { x: Better; y: Better }): Pareto {
  const known: { id: string; x: number; y: number; order: number }[] = [];
  const unknown: string[] = [];
  candidates.forEach(({ id, x, y }, order) => {
    if (isKnown(x) && isKnown(y)) known.push({ id, x, y, order });
    else unknown.push(id);
  });
  const sign = { x: better.x === 'lower' ? 1 : -1, y: better.y === 'lower' ? 1 : -1 };
  known.sort((a, b) => sign.x * (a.x - b.x) || sign.y * (a.y - b.y) || a.order - b.order);
  const front: typeof known = [];
  const dominated = new Map<string, string>();
  for (const candidate of known) {
    // Sorted by x, best first: the last of the front has the best y of all before.
    const last = front.at(-1);
    const equal = last?.x === candidate.x && last.y === candidate.y;
    if (!last || equal || sign.y * (candidate.y - last.y) < 0) front.push(candidate);
    else dominated.set(candidate.id, last.id);
  }
  front.sort((a, b) => a.x - b.x || a.order - b.order);
  return { front: front.map(({ id }) => id), dominated, unknown };
}

function isKnown(value: number | null): value is number {
  return value !== null && Number.isFinite(value);
}
