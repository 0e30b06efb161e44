import { BitsmithError } from '#shared/base/errors.ts';
import type { ServiceOf } from '#shared/contract/api.ts';
import type { runApi } from '#shared/contract/api/run.ts';
import { costReport } from '#shared/model/cost.ts';
import { layerKindOf } from '#shared/model/layers/registry.ts';
import type { ResolvedModel } from '#shared/model/resolve.ts';
import { footprintOf, type FootprintFacts } from '#shared/run/compare/footprint.ts';
import { parseRunConfig, resolveRun } from '#shared/run/config.ts';
import { askProcess, type ForkJob } from '#main/jobs/host/index.ts';
import type { EstimateRow } from '#main/jobs/protocol.ts';
import type { Store } from '#main/store/index.ts';
import { readDatasetInfo } from '../dataset/index.ts';

/** Estimates that are kept: they depend on the network, the plan of training and the core alone. */
const MOST_KEPT = 2000;

/** What runs take of a core. Networks are planned in a process of their own: a large one takes seconds. */
export function runFootprints(store: Store, fork: ForkJob): ServiceOf<typeof runApi>['footprints'] {
  const estimates = new Map<string, EstimateRow>();

  return async ({ runs, target, estimate }) => {
    const known = new Set(runs.flatMap((run) => store.runs.find(run)?.id ?? []));
    const facts = [...known].map((run) => {
      const config = store.runs.config(run);
      return {
        key: `${target} ${networkOf(config)}`,
        config,
        facts: storedFacts(store, run, config, target),
      };
    });
    const wanted = estimate
      ? facts.filter(({ key, facts: one }) => !estimates.has(key) && footprintOf(one).open)
      : [];
    const asked = new Map(wanted.map(({ key, config }) => [key, config]));
    const [first] = wanted;
    if (first) {
      const job = { configs: [...asked.values()], dataFolder: store.folder.root, target };
      const question = { type: 'estimate' as const, job };
      const answer = await askProcess(fork, first.facts.run, 'estimates memory', question, 'estimates');
      if (estimates.size > MOST_KEPT) estimates.clear();
      [...asked.keys()].forEach((key, i) => estimates.set(key, answer.rows[i] ?? 'it was not planned'));
    }
    return facts.map(({ key, facts: one }) => footprintOf({ ...one, estimate: estimates.get(key) ?? null }));
  };
}

/** What of a configuration decides an estimate, as text. Replicates share it, and so does a sweep of learning rates. */
function networkOf(config: unknown): string {
  const { dataset, model, quantization, training } = config as Record<string, unknown>;
  const name = (dataset as { name?: unknown } | undefined)?.name;
  // Without pruning a plan says nothing about the weights.
  const isPruned = JSON.stringify(training ?? {}).includes('"pruning"');
  return JSON.stringify([name, model, quantization, isPruned ? training : null]);
}

function storedFacts(store: Store, run: string, config: unknown, target: string): FootprintFacts {
  const bundles = store.bundles
    .list(run)
    .filter((bundle) => bundle.target === target)
    .map((bundle) => ({ bundle, verified: store.bundles.verify(bundle.id) }));
  const model = modelOf(store, config);
  const text = typeof model === 'string';
  return {
    run,
    bundles,
    macs: text ? model : costReport(model).total.macsTotal,
    zeros: text ? model : zerosOf(store, run, model),
    estimate: null,
  };
}

/** The run's network, or why it is not to be had: a data set that was deleted. */
function modelOf(store: Store, document: unknown): ResolvedModel | string {
  try {
    const config = parseRunConfig(document, 'the run’s configuration');
    return resolveRun(config, readDatasetInfo(store.folder.root, config.dataset.name));
  } catch (error) {
    if (error instanceof BitsmithError) return error.message;
    throw error;
  }
}

/** Each quantized layer's last zero fraction, by its number of weights. */
function zerosOf(store: Store, run: string, model: ResolvedModel): FootprintFacts['zeros'] {
  const { epochsDone } = store.runs.get(run);
  let [zeros, count] = [0, 0];
  for (const { spec, inputShapes } of model.layers) {
    const share = store.series.lastValues(`layer/${spec.id}/zero-fraction`, [run]).get(run);
    const kernel = layerKindOf(spec.kind).kernel?.(spec, inputShapes);
    if (share === undefined || !kernel) continue;
    const weights = kernel.shape.reduce((product, size) => product * size, 1);
    zeros += share * weights;
    count += weights;
  }
  if (count > 0) return { share: zeros / count, epoch: epochsDone };
  return epochsDone === 0 ? 'no epoch is done yet' : 'no weights are quantized';
}
