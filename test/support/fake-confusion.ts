import { BitsmithError } from '#shared/base/errors.ts';
import { hash32, RandomStream } from '#shared/base/random.ts';
import { confusionLabel, type Confusion, type ConfusionKey } from '#shared/contract/api/confusion.ts';
import type { Services } from '#shared/contract/index.ts';
import { confusionMatrix } from '#shared/train/predictions/confusion.ts';
import { examplesOf } from '#shared/train/predictions/examples.ts';
import { judge } from '#shared/train/predictions/predict.ts';
import { partOf, type Predictions } from '#shared/train/predictions/types.ts';
import { fakeLabel } from './fake-images.ts';
import type { FakeRun } from './fake-runs.ts';
import type { FakeTasks } from './fake-tasks.ts';

const SAMPLES = 2000;
const NAMES = ['zero', 'one', 'two', 'three', 'four', 'five', 'six', 'seven', 'eight', 'nine'];

/** Confusion matrices by the functions that the real host uses, of logits that are drawn by chance. */
export function fakeConfusion(
  find: (run: string) => FakeRun,
  tasks: FakeTasks,
  classes = 10,
): Services['confusion'] {
  const kept = new Map<string, Predictions>();
  const names = Array.from({ length: classes }, (_, i) => (classes === 10 ? NAMES[i] : null) ?? `class ${i}`);

  function checked(key: ConfusionKey): FakeRun {
    const run = find(key.run);
    if (!run.checkpoints.some(({ id }) => id === key.checkpoint)) {
      throw new BitsmithError('not-found', `run ${key.run} has no checkpoint "${key.checkpoint}"`);
    }
    return run;
  }

  function toConfusion(key: ConfusionKey, { labels, predicted }: Predictions): Confusion {
    return {
      ...key,
      classes: names,
      counts: confusionMatrix(labels, predicted, classes).counts,
      dataset: find(key.run).summary.dataset,
      part: partOf(key.split),
      current: true,
      device: 'wasm',
    };
  }

  return {
    get(key) {
      checked(key);
      const found = kept.get(confusionLabel(key));
      return found ? toConfusion(key, found) : null;
    },
    measure(key) {
      const run = checked(key);
      const label = confusionLabel(key);
      const running = tasks
        .list()
        .find((task) => task.state === 'running' && task.labels.confusion === label);
      if (running) return { task: running.id };
      const title = `Confusion matrix of ${run.summary.name}`;
      return tasks.start(title, { confusion: label, run: key.run }, ['1,000 of 2,000 samples'], () => {
        const found = predictionsOf(key, run.curve.plateau, classes);
        kept.set(label, found);
        return toConfusion(key, found);
      });
    },
    examples({ truth, predicted, mistakes, order, offset, count, ...key }) {
      checked(key);
      const found = kept.get(confusionLabel(key));
      if (!found) throw new BitsmithError('not-found', 'the samples were not looked at yet');
      const positions = examplesOf(found, { truth, predicted, mistakes, order });
      return {
        total: positions.length,
        samples: Array.from(positions.subarray(offset, offset + count), (at) => ({
          index: found.indices[at] ?? 0,
          truth: found.labels[at] ?? 0,
          predicted: found.predicted[at] ?? 0,
          probability: found.probability[at] ?? 0,
          truthProbability: found.truth[at] ?? 0,
        })),
      };
    },
  };
}

/** Mostly right; a mistake is mostly for the neighbour. */
function predictionsOf(key: ConfusionKey, accuracy: number, classes: number): Predictions {
  const random = new RandomStream(hash32(confusionLabel(key)), 'confusion');
  const indices = Uint32Array.from({ length: SAMPLES }, (_, i) => i);
  const labels = [...indices].map((index) => fakeLabel(index, classes));
  const result = {
    indices,
    labels: new Uint8Array(SAMPLES),
    predicted: new Uint8Array(SAMPLES),
    probability: new Float32Array(SAMPLES),
    truth: new Float32Array(SAMPLES),
  };
  const logits = labels.flatMap((label) => {
    const own = Array.from({ length: classes }, () => random.nextNormal());
    const near = random.nextUniform() < 0.7 ? (label + 3) % classes : random.nextBelow(classes);
    const chosen = random.nextUniform() < accuracy - 0.06 ? label : near;
    own[chosen] = 4 + 3 * random.nextUniform();
    return own;
  });
  judge(logits, labels, 0, result);
  return result;
}
