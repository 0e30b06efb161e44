import { BitsmithError } from '#shared/base/errors.ts';
import type { ParityResult, ParitySample } from '#shared/contract/api/parity.ts';
import type { IntegerGraph } from '#shared/export/ir/graph.ts';
import { argMax, interpret } from '#shared/verify/interpret.ts';
import { breather, sampleAt, type SampleSet } from '../reference.ts';

export interface ChosenSample {
  bytes: Uint8Array;
  facts: Pick<ParityResult['sample'], 'source' | 'index' | 'of' | 'label'>;
}

/**
 * The sample that is asked for.
 *
 * @param adversarial makes the adversarial samples, which takes a while
 * @throws BitsmithError `invalid-input` naming what there is; `not-found` where no sample is taken for another class
 */
export async function chooseSample(
  graph: IntegerGraph,
  samples: SampleSet & { source: 'test' | 'random' },
  asked: ParitySample,
  adversarial: () => Promise<readonly Uint8Array[]>,
  work: { signal?: AbortSignal | undefined; report?: (message: string) => void } = {},
): Promise<ChosenSample> {
  const { source, count } = samples;
  const labels = samples.labels ?? new Uint8Array(0);
  const at = (index: number): ChosenSample => ({
    bytes: sampleAt(samples, index),
    facts: { source, index, of: count, label: labels[index] ?? null },
  });
  switch (asked.by) {
    case 'index':
      return at(within(asked.index, count, `${source} sample`));
    case 'class': {
      requireLabels(labels);
      if (asked.label >= graph.classes) within(asked.label, graph.classes, 'class');
      const own = [...labels.keys()].filter((index) => labels[index] === asked.label);
      const found = own[asked.occurrence];
      if (found !== undefined) return at(found);
      throw new BitsmithError(
        'invalid-input',
        own.length === 0
          ? `class ${asked.label} has no test sample`
          : `occurrence ${asked.occurrence}: class ${asked.label} has ${own.length} test samples, 0 to ${own.length - 1}`,
      );
    }
    case 'wrong': {
      requireLabels(labels);
      const breathe = breather(work.signal);
      for (let index = within(asked.from, count, 'test sample'); index < labels.length; index++) {
        if (argMax(interpret(graph, sampleAt(samples, index))) !== labels[index]) return at(index);
        if (index % 100 === 99) work.report?.(`looking for a wrong prediction: ${index + 1} of ${count}`);
        await breathe();
      }
      throw new BitsmithError(
        'not-found',
        `from test sample ${asked.from} on, none is taken for another class`,
      );
    }
    case 'adversarial': {
      const all = await adversarial();
      const index = within(asked.index, all.length, 'adversarial sample');
      const bytes = all[index] ?? new Uint8Array(0);
      return { bytes, facts: { source: 'adversarial', index, of: all.length, label: null } };
    }
  }
}

function within(index: number, count: number, what: string): number {
  if (index < count) return index;
  throw new BitsmithError('invalid-input', `${what} ${index}: there are ${count}, 0 to ${count - 1}`);
}

function requireLabels(labels: Uint8Array): void {
  if (labels.length > 0) return;
  throw new BitsmithError(
    'unavailable',
    'the data set that the network was trained on is not installed here, so no sample has a class; get it, or choose by number',
  );
}
