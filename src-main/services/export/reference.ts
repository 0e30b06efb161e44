import { BitsmithError } from '#shared/base/errors.ts';
import type { IntegerGraph } from '#shared/export/ir/graph.ts';
import { elementsOf } from '#shared/export/ir/graph.ts';
import { interpret } from '#shared/verify/interpret.ts';

/** Samples one after the other, as a data set holds them. */
export interface SampleSet {
  count: number;
  /** count · bytes of the network's input. */
  images: Uint8Array;
  /** One byte each; absent or empty: unknown. */
  labels?: Uint8Array;
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

/** The reference's logits for all samples, [count, classes]. Lets other work in between. */
export async function referenceLogits(
  graph: IntegerGraph,
  samples: SampleSet,
  options: { signal?: AbortSignal | undefined; progress?: (share: number) => void } = {},
): Promise<Int32Array> {
  const logits = new Int32Array(samples.count * graph.classes);
  for (let i = 0; i < samples.count; i++) {
    logits.set(interpret(graph, sampleAt(samples, i)), i * graph.classes);
    if (i % 32 === 31) {
      options.progress?.(i / samples.count);
      await new Promise((resolve) => setImmediate(resolve));
      if (options.signal?.aborted) throw new BitsmithError('cancelled', 'the verification was cancelled');
    }
  }
  return logits;
}
