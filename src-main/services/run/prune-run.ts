import { BitsmithError } from '#shared/base/errors.ts';
import { resolveModel } from '#shared/model/resolve.ts';
import { costReport } from '#shared/model/cost.ts';
import { networkVariables } from '#shared/model/variables.ts';
import { pruneConfig, smallerConfig, type PruneOptions } from '#shared/prune/follow-up.ts';
import { removeChannels } from '#shared/prune/remove-channels.ts';
import { applySettings, parseRunConfig } from '#shared/run/config.ts';
import { resolveRunId, type Store } from '#main/store/index.ts';
import { encodeStart, readRunWeights, type WarmStart } from './warm-start.ts';

/** What a run that follows another one is started with. */
interface FollowUp {
  config: unknown;
  parent: string;
  initial?: WarmStart;
}

/**
 * The run that prunes a finished one.
 *
 * @param set settings `path=value` that go over the configuration
 * @throws BitsmithError `conflict` where the run is not finished, `invalid-input` for a setting of no form
 */
export function followWithPruning(
  store: Store,
  given: string,
  options: PruneOptions,
  set: readonly string[],
): FollowUp {
  const parent = finished(store, given, 'pruned');
  const before = parseRunConfig(store.runs.config(parent), `the configuration of run ${parent}`);
  return { config: applySettings(pruneConfig(before, parent, options), set), parent };
}

/**
 * The run that goes on with a channel-pruned one after the masked channels are really gone.
 *
 * @throws BitsmithError `conflict` where the run is not finished or has no channel to remove
 */
export function followWithoutChannels(
  store: Store,
  given: string,
  options: { epochs?: number | undefined; learningRate?: number | undefined },
  set: readonly string[],
): FollowUp {
  const parent = finished(store, given, 'made smaller');
  const source = readRunWeights(store, parent);
  const { config, model, checkpoint } = source;
  const smaller = removeChannels(model, config.quantization, source.values);
  if (smaller.layers.length === 0) {
    throw new BitsmithError(
      'conflict',
      `run ${parent} has no channel that is masked as a whole; prune it with "granularity": "channel" first`,
      { run: parent },
    );
  }
  const after = resolveModel(smaller.spec, config.quantization, model.outputs);
  const values = networkVariables(after).map(({ name, shape }) => {
    const data = smaller.values[name];
    if (!data) throw new RangeError(`the smaller network lacks ${name}`);
    return [name, { shape, data }] as const;
  });
  const layers = smaller.layers.map(({ id, before, after: left }) => `${id} ${before} → ${left}`).join(', ');
  const [was, is] = [costReport(model).total, costReport(after).total];
  const { rounds } = checkpoint.position;
  const notes = [
    `channels removed: ${layers}`,
    `${was.parameters} → ${is.parameters} parameters, ${was.macsTotal} → ${is.macsTotal} multiply-accumulates`,
    ...(rounds ? [`validation accuracy ${(rounds.accuracy * 100).toFixed(2)} % with masks instead`] : []),
    ...(smaller.left > 0
      ? [`${smaller.left} masked filters stay, since other layers keep their channels`]
      : []),
    ...(smaller.inexact.length > 0 ? [`differs at padded borders of ${smaller.inexact.join(', ')}`] : []),
  ];
  return {
    config: applySettings(smallerConfig(config, parent, smaller.spec, options), set),
    parent,
    initial: {
      run: parent,
      checkpoint: source.record.id,
      bytes: encodeStart(source, new Map(values)),
      message: `starts from checkpoint ${source.record.id} of run ${parent}; ${notes.join('; ')}`,
    },
  };
}

/** The full id of a run that has finished. */
function finished(store: Store, given: string, what: string): string {
  const run = resolveRunId(store.runs, given);
  const { status } = store.runs.get(run);
  if (status === 'finished') return run;
  throw new BitsmithError('conflict', `run ${run} is ${status}; only a finished run can be ${what}`, {
    run,
    status,
  });
}
