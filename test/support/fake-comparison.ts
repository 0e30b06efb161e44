import { BitsmithError } from '#shared/base/errors.ts';
import { RandomStream } from '#shared/base/random.ts';
import type { Services } from '#shared/contract/index.ts';
import { estimateDeployment } from '#shared/export/estimate/estimate-deployment.ts';
import type { TargetId } from '#shared/export/targets/types.ts';
import { costReport } from '#shared/model/cost.ts';
import { agreementOf, type LayerWeights } from '#shared/run/compare/agreement.ts';
import { footprintOf, type FootprintFacts } from '#shared/run/compare/footprint.ts';
import { parseRunConfig, resolveRun } from '#shared/run/config.ts';
import { chooseCheckpoint } from '#main/services/export/choose-checkpoint.ts';
import { FAKE_LAYERS } from './fake-curves.ts';
import { seriesOf, type FakeRun } from './fake-runs.ts';

type Comparison = Pick<Services['run'], 'footprints' | 'agreement'>;

/** What small networks stand for those of the fake runs: planning a large one takes seconds. */
const STANDS: Record<string, string> = {
  'lenet-5': 'lenet-small',
  'gxnor-mnist': 'lenet-strided',
  'mlp-3': 'lenet-strided',
  'vgg-small': 'resnet8',
};
const COUNTS: Record<string, number[]> = {
  conv1: [5, 5, 1, 16],
  conv2: [5, 5, 16, 16],
  conv3: [3, 3, 16, 24],
  dense1: [384, 10],
};

/** Comparisons by the functions that the real host uses, over made-up weights and bundles. */
export function fakeComparison(
  runs: readonly FakeRun[],
  bundles: Pick<Services['export'], 'list' | 'verification'>,
): Comparison {
  const estimates = new Map<string, FootprintFacts['estimate']>();
  const find = (id: string): FakeRun => {
    const run = runs.find(({ summary }) => summary.id === id);
    if (!run) throw new BitsmithError('not-found', `there is no run "${id}"`, { run: id });
    return run;
  };
  return {
    footprints: async ({ runs: ids, target, estimate }) => {
      const known = runs.filter(({ summary }) => ids.includes(summary.id));
      return Promise.all(
        known.map(async (run) => {
          const model = modelOf(run);
          const key = `${target} ${run.summary.model} ${model.name} ${run.summary.weightMethods.join()} ${run.summary.activationMethods.join()}`;
          if (estimate && !estimates.has(key)) estimates.set(key, estimateOf(run, target));
          const all = await bundles.list({ run: run.summary.id });
          const own = all.filter((bundle) => bundle.target === target);
          return footprintOf({
            run: run.summary.id,
            bundles: await Promise.all(
              own.map(async (bundle) => ({
                bundle,
                verified: await bundles.verification({ bundle: bundle.id }),
              })),
            ),
            macs: costReport(model).total.macsTotal,
            zeros: zerosOf(run),
            estimate: estimates.get(key) ?? null,
          });
        }),
      );
    },
    agreement: ({ a, b }) => {
      const sideOf = ({ run, checkpoint }: typeof a) => {
        const found = find(run);
        const record = chooseCheckpoint(run, found.checkpoints, checkpoint);
        return {
          name: { run, checkpoint: record.id, epoch: record.epoch, step: record.step },
          weights: weightsAt(found, record.epoch),
        };
      };
      const [left, right] = [sideOf(a), sideOf(b)];
      const { layers, left: rest } = agreementOf(left.weights, right.weights);
      return {
        a: left.name,
        b: right.name,
        layers: layers.map((layer) => ({ ...layer, shape: [...layer.shape] })),
        left: rest,
      };
    },
  };
}

function modelOf({ summary, config }: FakeRun) {
  const large = summary.dataset.startsWith('cifar');
  const shape: readonly [number, number, number] = large ? [32, 32, 3] : [28, 28, 1];
  const preset = large ? 'resnet8' : (STANDS[summary.model] ?? 'lenet-small');
  const parsed = parseRunConfig({
    dataset: { name: summary.dataset },
    model: { preset: preset === 'resnet8' && !large ? 'lenet-small' : preset },
    quantization: config.quantization,
  });
  const classes = Array.from({ length: 10 }, (_, i) => `class ${i}`);
  return resolveRun(parsed, { name: summary.dataset, shape, classes });
}

function estimateOf(run: FakeRun, target: TargetId): FootprintFacts['estimate'] {
  const result = estimateDeployment(modelOf(run), { target });
  return result.ok ? result.estimate.total : (result.problems[0]?.message ?? 'it cannot be deployed');
}

function zerosOf(run: FakeRun): FootprintFacts['zeros'] {
  const shares = FAKE_LAYERS.flatMap(
    (layer) => seriesOf(run).get(`layer/${layer}/zero-fraction`)?.value.at(-1) ?? [],
  );
  if (shares.length === 0) return 'no epoch is done yet';
  return {
    share: shares.reduce((sum, share) => sum + share, 0) / shares.length,
    epoch: run.summary.epochsDone,
  };
}

/** Weights that all runs begin with, and that become each run's own as its epochs pass. */
function weightsAt(run: FakeRun, epoch: number): LayerWeights[] {
  const { weightMethods, epochs, model } = run.summary;
  const [method = 'twn'] = weightMethods;
  // Networks of different kinds do not have the same layers.
  const names = model === 'mlp-3' ? FAKE_LAYERS.slice(-1) : FAKE_LAYERS;
  return names.map((id): LayerWeights => {
    const shape = id === 'dense1' && model === 'mlp-3' ? [784, 10] : (COUNTS[id] ?? []);
    const count = shape.reduce((product, size) => product * size, 1);
    const first = new RandomStream(1, `start ${id}`);
    const own = new RandomStream(run.curve.seed, `weights ${id}`);
    const values = Float32Array.from({ length: count }, () => {
      const begin = first.nextNormal();
      const end = own.nextNormal();
      return own.nextUniform() < (0.6 * epoch) / epochs ? end : begin;
    });
    if (method === 'full-precision') return { id, shape, weights: { levels: [], float: values } };
    const threshold = method === 'bnn' ? 0 : 0.6;
    const codes = Int8Array.from(values, (value) => (Math.abs(value) <= threshold ? 0 : Math.sign(value)));
    return { id, shape, weights: { levels: [{ codes, scale: Float32Array.of(0.1) }] } };
  });
}
