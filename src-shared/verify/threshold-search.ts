import { RandomStream } from '../base/random.ts';
import { mapShape, type IntegerGraph } from '../export/ir/graph.ts';
import { patternSamples } from './patterns.ts';
import { programOf } from './program.ts';
import { ThresholdHits } from './threshold-hits.ts';

export interface AdversarialSamples {
  samples: Uint8Array[];
  /** Thresholds of channels that these samples hit exactly or miss by one, and all of them. */
  thresholdsHit: number;
  thresholds: number;
}

/** Most samples that the search adds to the patterns. */
const FOUND_SAMPLES = 8;

/**
 * The patterns, and inputs whose sums hit thresholds exactly or are one below them, found by hill climbing: a sample is
 * changed at random, and the change stays where more sides of thresholds are hit that no earlier sample has hit.
 * Deterministic.
 *
 * @param starts samples to start from, real ones at best; absent: a pattern
 * @param evaluations inferences that the search may spend, the patterns' own not counted
 * @yields after every inference
 */
export function* searchAdversarial(
  graph: IntegerGraph,
  starts: readonly Uint8Array[],
  evaluations: number,
): Generator<undefined, AdversarialSamples> {
  const program = programOf(graph);
  const hits = new ThresholdHits(graph);
  const random = new RandomStream(1, 'threshold-search');
  const samples = patternSamples(graph);
  for (const sample of samples) {
    program.run(sample);
    hits.add(program.values);
    yield;
  }
  // Copies: a mutation slices what it changes, and the slice of a Node buffer would be no copy.
  const known = [...starts, ...samples].map((sample) => Uint8Array.from(sample));
  const mutate = mutationsOf(mapShape(graph.input.shape), known, random);
  const rounds = Math.min(FOUND_SAMPLES, Math.floor(evaluations / 2));
  for (let round = 0; round < rounds; round++) {
    let best: Uint8Array = known[round % Math.max(1, starts.length)]!;
    let most = 0;
    const tries = Math.floor(evaluations / rounds);
    for (let i = 0; i < tries; i++) {
      const candidate = i === 0 ? best : mutate(best);
      program.run(candidate);
      const found = hits.count(program.values);
      // Equal ones too: plateaus are crossed.
      if (found >= most) {
        best = candidate;
        most = found;
      }
      yield;
    }
    if (most === 0) break;
    program.run(best);
    hits.add(program.values);
    samples.push(best);
  }
  return { samples, thresholdsHit: hits.hit, thresholds: hits.all };
}

type Mutation = (sample: Uint8Array) => Uint8Array;

/** Random changes of a sample: single bytes a little or anywhere, a rectangle of one value, one of another sample. */
function mutationsOf(
  [height, width, channels]: readonly [number, number, number],
  others: readonly Uint8Array[],
  random: RandomStream,
): Mutation {
  const below = (count: number) => random.nextBelow(count);
  const rectangle = (sample: Uint8Array, byteAt: (index: number) => number): Uint8Array => {
    const result = sample.slice();
    const rows = 1 + below(height);
    const columns = 1 + below(width);
    const top = below(height - rows + 1);
    const left = below(width - columns + 1);
    for (let y = top; y < top + rows; y++) {
      for (let i = (y * width + left) * channels; i < (y * width + left + columns) * channels; i++) {
        result[i] = byteAt(i);
      }
    }
    return result;
  };
  const few = (sample: Uint8Array, change: (byte: number) => number): Uint8Array => {
    const result = sample.slice();
    for (let count = 1 + below(8); count > 0; count--) {
      const at = below(result.length);
      result[at] = Math.min(255, Math.max(0, change(result[at]!)));
    }
    return result;
  };
  const mutations: readonly Mutation[] = [
    (sample) => few(sample, () => below(256)),
    (sample) => few(sample, (byte) => byte + below(9) - 4),
    (sample) => {
      const value = below(256);
      return rectangle(sample, () => value);
    },
    (sample) => {
      const other = others[below(others.length)] ?? sample;
      return rectangle(sample, (index) => other[index]!);
    },
  ];
  return (sample) => mutations[below(mutations.length)]!(sample);
}
