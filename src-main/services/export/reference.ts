import { BitsmithError } from '#shared/base/errors.ts';
import type { IntegerGraph } from '#shared/export/ir/graph.ts';
import { elementsOf } from '#shared/export/ir/graph.ts';
import { interpret, interpretAll } from '#shared/verify/interpret.ts';

/** Samples one after the other, as a data set holds them. */
export interface SampleSet {
  count: number;
  /** count · bytes of the network's input. */
  images: Uint8Array;
  /** One byte each, of the first samples; absent or empty: unknown. */
  labels?: Uint8Array;
}

/** Milliseconds of computing after which other work may go on. */
const BREATH_MS = 40;

/** Lets other work in between, now and then. @throws BitsmithError `cancelled` */
export function breather(signal?: AbortSignal): () => Promise<void> {
  let last = performance.now();
  return async () => {
    if (performance.now() - last < BREATH_MS) return;
    await new Promise((resolve) => setImmediate(resolve));
    if (signal?.aborted) throw new BitsmithError('cancelled', 'the verification was cancelled');
    last = performance.now();
  };
}

/** @throws BitsmithError `invalid-input` when the samples are not of the network's input size, or there is none */
export function checkSampleSet(samples: SampleSet, graph: IntegerGraph): void {
  const bytes = elementsOf(graph.input.shape);
  if (samples.count < 1) throw new BitsmithError('invalid-input', 'verification needs at least one sample');
  if (samples.images.length !== samples.count * bytes) {
    throw new BitsmithError(
      'invalid-input',
      `${samples.count} samples of ${samples.images.length / samples.count} bytes do not fit the network, which takes ${bytes} bytes`,
    );
  }
}

export function sampleAt(samples: SampleSet, index: number): Uint8Array {
  const bytes = samples.images.length / samples.count;
  return samples.images.subarray(index * bytes, (index + 1) * bytes);
}

/** What the reference computes, each sample once. */
export interface Reference {
  /** Logits of all samples, [count, classes]. */
  logits(): Promise<Int32Array>;
  /** Every layer of one sample. */
  values(index: number): ReadonlyMap<string, Int32Array>;
}

/** int32 words of layers that are kept for the next place. */
const KEPT_WORDS = 16_000_000;

export function createReference(
  graph: IntegerGraph,
  samples: SampleSet,
  options: { signal?: AbortSignal | undefined; progress?: (share: number) => void } = {},
): Reference {
  let logits: Promise<Int32Array> | undefined;
  const kept = new Map<number, ReadonlyMap<string, Int32Array>>();
  let words = 0;
  return {
    logits: () => (logits ??= referenceLogits(graph, samples, options)),
    values: (index) => {
      const known = kept.get(index);
      if (known) return known;
      const { values } = interpretAll(graph, sampleAt(samples, index));
      words += [...values.values()].reduce((sum, value) => sum + value.length, 0);
      if (words <= KEPT_WORDS) kept.set(index, values);
      return values;
    },
  };
}

async function referenceLogits(
  graph: IntegerGraph,
  samples: SampleSet,
  options: { signal?: AbortSignal | undefined; progress?: (share: number) => void },
): Promise<Int32Array> {
  const logits = new Int32Array(samples.count * graph.classes);
  const breathe = breather(options.signal);
  for (let i = 0; i < samples.count; i++) {
    logits.set(interpret(graph, sampleAt(samples, i)), i * graph.classes);
    if (i % 32 === 31) options.progress?.(i / samples.count);
    await breathe();
  }
  return logits;
}
