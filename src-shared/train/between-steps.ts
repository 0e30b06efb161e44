import { layerKindOf } from '../model/layers/registry.ts';
import type { ResolvedModel } from '../model/resolve.ts';
import { deployedWeights, variablesOf } from '../model/trained.ts';
import { initialValues, networkVariables } from '../model/variables.ts';
import { computeMasks } from '../prune/masks.ts';
import type { Pruning } from '../prune/config.ts';
import { quantizedImportance } from '../prune/importance.ts';
import { activationMethod, weightMethod } from '../quant/registry.ts';
import { planAt, sparsityAt } from './moment.ts';
import type { TrainingPlan } from './plan.ts';

/**
 * What changes between two steps and cannot be part of one, because it looks at the numbers themselves: pruning masks,
 * the stages of incremental methods, calibration. All of it is a function of the state and the moment, so that a resumed
 * run repeats it.
 */
export type NewValues = Record<string, Float32Array>;

/** Masks stay from this epoch on, unless the sparsity still changes. */
const REFRESH_SHARE = 0.6;

/** Whether masks are made anew before the step at this moment. */
export function masksDue(
  plan: TrainingPlan,
  at: { epoch: number; stepInEpoch: number; step: number },
  stepsPerEpoch: number,
): boolean {
  const { pruning } = plan;
  if (!pruning) return false;
  if (pruning.rounds) return at.stepInEpoch === 0 && at.epoch % pruning.rounds.epochs === 0;
  if (at.step === 0) return true;
  if (at.step % pruning.everySteps !== 0) return false;
  const until = pruning.refreshUntil ?? REFRESH_SHARE * plan.epochs;
  const moment = at.step / stepsPerEpoch;
  if (pruning.masks === 'regrown' && moment <= until) return true;
  const before = Math.max(0, moment - pruning.everySteps / stepsPerEpoch);
  return [undefined, ...Object.keys(pruning.layers)].some(
    (layer) => sparsityAt(plan, moment, layer) !== sparsityAt(plan, before, layer),
  );
}

/** New masks by variable name. @param values variables as plain numbers */
export function newMasks(
  model: ResolvedModel,
  plan: TrainingPlan & { pruning: Pruning },
  values: NewValues,
  epoch: number,
): NewValues {
  const layers = model.layers.flatMap((layer) => {
    const { id } = layer.spec;
    const shape = layerKindOf(layer.spec.kind).kernel?.(layer.spec, layer.inputShapes);
    const { mask, ...own } = variablesOf(id, values);
    const { kernel } = own;
    if (!layer.pruned || !shape || !kernel || !mask) return [];
    const ownSparsity = id in plan.pruning.layers;
    const sparsity = sparsityAt(plan, epoch, id);
    // Without the mask: a masked filter would count nothing and could never come back.
    const deployed = plan.pruning.importance === 'quantized' ? deployedWeights(layer, own) : null;
    const importance = deployed ? { importance: quantizedImportance(deployed, shape) } : {};
    return [{ id, kernel, shape, mask, sparsity, ownSparsity, ...layer.pruned, ...importance }];
  });
  return Object.fromEntries(
    [...computeMasks(layers, plan.pruning)].map(([id, mask]) => [`${id}/mask`, mask]),
  );
}

/** Layers whose method has stages. */
export function hasStages(model: ResolvedModel): boolean {
  return model.layers.some(({ weights }) => weights && weightMethod(weights).form.refresh);
}

/** What the stages of incremental methods set at an epoch's start. @param progress share of the run that is done */
export function newStages(model: ResolvedModel, values: NewValues, progress: number): NewValues {
  const changed: NewValues = {};
  for (const layer of model.layers) {
    const shape = layerKindOf(layer.spec.kind).kernel?.(layer.spec, layer.inputShapes);
    const refresh = layer.weights && weightMethod(layer.weights).form.refresh;
    if (!shape || !refresh || !layer.weights) continue;
    const own = variablesOf(layer.spec.id, values);
    const { kernel } = own;
    if (!kernel) throw new RangeError(`layer ${layer.spec.id} lacks its kernel`);
    for (const [name, value] of Object.entries(refresh(kernel, shape, layer.weights, own, progress))) {
      changed[`${layer.spec.id}/${name}`] = value;
    }
  }
  return changed;
}

/** Whether weights, or activations, are quantized from this epoch's first step on, and not before. */
export function quantizationBegins(
  plan: TrainingPlan,
  quantity: 'weightQuantization' | 'activationQuantization',
  epoch: number,
  stepsPerEpoch: number,
): boolean {
  if (planAt(plan, epoch)[quantity] === 0) return false;
  return epoch === 0 || planAt(plan, epoch - 1 / stepsPerEpoch)[quantity] === 0;
}

/** What weight methods derive from the kernels at the end of the time in full precision. */
export function quantizersFromKernels(model: ResolvedModel, values: NewValues, seed: number): NewValues {
  const quantizers = networkVariables(model).filter(
    ({ role, layer }) => role === 'quantizer' && `${layer}/kernel` in values,
  );
  const names = new Set(quantizers.map(({ name }) => name));
  const given = Object.fromEntries(Object.entries(values).filter(([name]) => !names.has(name)));
  const fresh = initialValues(model, seed, given);
  return Object.fromEntries(quantizers.map(({ name }) => [name, fresh[name] ?? new Float32Array()]));
}

/**
 * Values that activation methods derive from the first batch.
 *
 * @param observed what each activation layer got, by layer id
 * @param known variables that came from another run and stay
 */
export function calibrated(
  model: ResolvedModel,
  observed: ReadonlyMap<string, Float32Array>,
  known: ReadonlySet<string>,
): NewValues {
  const values: NewValues = {};
  for (const { spec, activation } of model.layers) {
    const inputs = observed.get(spec.id);
    const calibrate = activation && activationMethod(activation).form.calibrate;
    if (!inputs || !calibrate) continue;
    for (const [name, value] of Object.entries(calibrate(inputs, activation))) {
      if (!known.has(`${spec.id}/${name}`)) values[`${spec.id}/${name}`] = value;
    }
  }
  return values;
}
