import { RandomStream } from '../base/random.ts';

/**
 * Which of some items become the test part: of every class its share, rounded, but where a class has two items or more at
 * least one on either side. The single item of a class is trained on. The seed alone decides which.
 *
 * @returns 1 for the test part, 0 for training, one for each item
 */
export function holdOut(labels: ArrayLike<number>, share: number, seed: number): Uint8Array {
  const members = new Map<number, number[]>();
  for (let i = 0; i < labels.length; i++) {
    const label = labels[i]!;
    const known = members.get(label);
    if (known) known.push(i);
    else members.set(label, [i]);
  }
  const held = new Uint8Array(labels.length);
  for (const [label, items] of members) {
    const count = Math.min(items.length - 1, Math.max(1, Math.round(items.length * share)));
    const drawn = new RandomStream(seed, 'hold-out', label).permutation(items.length);
    for (let i = 0; i < count; i++) held[items[drawn[i]!]!] = 1;
  }
  return held;
}
