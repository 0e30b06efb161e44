import { RandomStream } from '../base/random.ts';
import type { Tensor2D, TF } from '../base/tensorflow.ts';
import type { Split } from './format.ts';
import { NEIGHBOURS, TRUSTED_AGREEMENT, type UnusualLabel, type UnusualLabels } from './integrity.ts';

/** Training samples among which neighbours are looked for; of more, so many are drawn. */
const MOST_REFERENCES = 8000;
/** Wider samples are projected to this width. */
const PROJECTED_WIDTH = 192;
const PROJECT_ABOVE = 256;
const BATCH = 512;

export interface LabelledPart {
  /** Bytes of all samples, each `size` long. */
  images: Uint8Array;
  labels: Uint8Array;
}

/**
 * Labels that stand out among like samples: edited nearest neighbours (D. L. Wilson, "Asymptotic properties of nearest
 * neighbor rules using edited data", IEEE Transactions on Systems, Man, and Cybernetics 2(3), 1972). A sample is
 * unusual when its 8 nearest training samples (Euclidean distance of the bytes, itself left out) all carry one label
 * and it carries another. Samples of more than 256 bytes are first projected to 192 numbers with a Gaussian matrix,
 * which keeps distances within about a tenth (Johnson and Lindenstrauss, 1984).
 *
 * @param size bytes of one sample
 * @param limit most samples that are listed, first those whose own class is much further away than their neighbours
 * @param report awaited between batches with the share that is done, 0 … 1
 * @returns null when there are too few training samples to ask
 */
export async function findUnusualLabels(
  tf: TF,
  parts: Readonly<Record<Split, LabelledPart>>,
  size: number,
  limit: number,
  report: (share: number) => Promise<void>,
): Promise<UnusualLabels | null> {
  const references = drawn(parts.train.labels.length, MOST_REFERENCES);
  if (references.length <= NEIGHBOURS) return null;
  const project = projection(tf, size);
  const at = (part: LabelledPart, indices: readonly number[]): Tensor2D => {
    const bytes = new Float32Array(indices.length * size);
    indices.forEach((index, i) =>
      bytes.set(part.images.subarray(index * size, (index + 1) * size), i * size),
    );
    return tf.tidy(() => project.apply(tf.tensor2d(bytes, [indices.length, size])));
  };
  const placeOf = new Map(references.map((index, place) => [index, place]));
  const known = at(parts.train, references);
  const squares = tf.tidy(() => tf.sum(tf.square(known), 1));
  const labelOf = (place: number): number => parts.train.labels[references[place]!]!;
  const total = parts.train.labels.length + parts.test.labels.length;
  const found: { sample: UnusualLabel; doubt: number }[] = [];
  let [agreeing, done] = [0, 0];
  for (const split of ['train', 'test'] as const) {
    const { labels } = parts[split];
    for (let from = 0; from < labels.length; from += BATCH) {
      const indices = Array.from({ length: Math.min(BATCH, labels.length - from) }, (_, i) => from + i);
      const queries = at(parts[split], indices);
      // |q − r|² without |q|², which is the same for all neighbours of q
      const ranks = tf.tidy(() => tf.sub(squares, tf.mul(2, tf.matMul(queries, known, false, true))));
      const norms = tf.tidy(() => tf.sum(tf.square(queries), 1));
      const [rows, lengths] = await Promise.all([ranks.data(), norms.data()]);
      tf.dispose([queries, ranks, norms]);
      indices.forEach((index, i) => {
        const own = split === 'train' ? placeOf.get(index) : undefined;
        const row = rows.subarray(i * references.length, (i + 1) * references.length);
        const near = nearest(row, own);
        const votes = near.map(({ place }) => labelOf(place));
        const label = labels[index]!;
        if (mostFrequent(votes) === label) agreeing++;
        const neighbours = votes[0]!;
        if (neighbours === label || votes.some((vote) => vote !== neighbours)) return;
        let nearestOfClass = Infinity;
        for (let place = 0; place < row.length; place++) {
          if (place !== own && labelOf(place) === label)
            nearestOfClass = Math.min(nearestOfClass, row[place]!);
        }
        const squared = (rank: number): number => Math.max(1, lengths[i]! + rank);
        const doubt = squared(nearestOfClass) / squared(near.at(-1)!.rank);
        found.push({ sample: { split, index, label, neighbours }, doubt });
      });
      done += indices.length;
      await report(done / total);
    }
  }
  project.dispose();
  tf.dispose([known, squares]);
  const agreement = agreeing / total;
  const trusted = agreement >= TRUSTED_AGREEMENT;
  const listed = found.toSorted((a, b) => b.doubt - a.doubt).slice(0, limit);
  return {
    agreement,
    references: references.length,
    count: trusted ? found.length : 0,
    samples: trusted ? listed.map(({ sample }) => sample) : [],
  };
}

/** At most `most` of the numbers 0 … count − 1: drawn, since a fixed stride meets sets whose labels go round. */
function drawn(count: number, most: number): number[] {
  if (count <= most) return Array.from({ length: count }, (_, i) => i);
  return Array.from(new RandomStream(0, 'unusual-labels/references').permutation(count).subarray(0, most));
}

function projection(tf: TF, size: number): { apply(rows: Tensor2D): Tensor2D; dispose(): void } {
  if (size <= PROJECT_ABOVE) return { apply: (rows) => rows, dispose: () => undefined };
  const random = new RandomStream(0, 'unusual-labels/projection');
  const values = Float32Array.from(
    { length: size * PROJECTED_WIDTH },
    () => random.nextNormal() / Math.sqrt(PROJECTED_WIDTH),
  );
  const matrix = tf.tensor2d(values, [size, PROJECTED_WIDTH]);
  return { apply: (rows) => tf.matMul(rows, matrix), dispose: () => matrix.dispose() };
}

/** The places with the smallest ranks, nearest first, but never `own`. */
function nearest(ranks: ArrayLike<number>, own: number | undefined): { place: number; rank: number }[] {
  const near: { place: number; rank: number }[] = [];
  let furthest = Infinity;
  for (let place = 0; place < ranks.length; place++) {
    const rank = ranks[place]!;
    if (rank >= furthest || place === own) continue;
    let i = near.length;
    while (i > 0 && near[i - 1]!.rank > rank) i--;
    near.splice(i, 0, { place, rank });
    if (near.length > NEIGHBOURS) near.pop();
    if (near.length === NEIGHBOURS) furthest = near[NEIGHBOURS - 1]!.rank;
  }
  return near;
}

/** The most frequent value; of equally frequent ones the first. */
function mostFrequent(values: readonly number[]): number | undefined {
  const counts = new Map<number, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  return [...counts].reduce((best, entry) => (entry[1] > best[1] ? entry : best))[0];
}
