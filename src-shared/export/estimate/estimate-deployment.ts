import { BitsmithError } from '../../base/errors.ts';
import type { ModelProblem } from '../../model/inspect/types.ts';
import { layerKindOf } from '../../model/layers/registry.ts';
import type { ResolvedModel } from '../../model/resolve.ts';
import { toIdentifier, uniqueIdentifiers } from '../emit/identifier.ts';
import { lower } from '../passes/lower.ts';
import { PlanOptionsSchema } from '../plan/options.ts';
import { planGraph } from '../plan/plan.ts';
import type { Plan } from '../plan/types.ts';
import { targetOf } from '../targets/index.ts';
import { frontEndEstimate } from './front-end-estimate.ts';
import { layerEstimates } from './layer-estimates.ts';
import { kernelBytesOf, networkBytesOf, soundStackBytes, stackBytesOf } from './measured-runtime.ts';
import { callCounts } from './network-code.ts';
import { typicalGraph } from './typical-graph.ts';
import type { DeploymentEstimate, EstimateOptions, EstimateResult, LayerEstimate } from './types.ts';

/** Larger networks take seconds to plan, and fit no microcontroller. */
export const MOST_WEIGHTS = 8_000_000;

/** What the smallest program has in RAM besides the arena on a board: two addresses, or four with sound, and alignment. */
const PROGRAM_RAM = 16;

/**
 * What a network will take of a microcontroller, before it is trained: the very lowering, planner and packings of an
 * export, over weights drawn at random (`typicalGraph`), and measured code of the kernels. The tests hold it against the
 * linker: see `certainty` for how each number is known.
 *
 * @returns refusals as problems at the layer that cannot be lowered
 */
export function estimateDeployment(model: ResolvedModel, options: EstimateOptions): EstimateResult {
  const weights = model.layers.reduce((sum, layer) => sum + weightCount(layer), 0);
  if (weights > MOST_WEIGHTS) return tooLarge(weights);
  try {
    return { ok: true, estimate: estimated(model, options) };
  } catch (error) {
    if (!(error instanceof BitsmithError) || error.code === 'internal') throw error;
    return { ok: false, problems: [refusal(error, model)] };
  }
}

function estimated(model: ResolvedModel, options: EstimateOptions): DeploymentEstimate {
  const target = targetOf(options.target);
  const graph = lower(typicalGraph(model, options.training));
  const plan = planGraph(graph, PlanOptionsSchema.parse(options.plan ?? {}), target.vectors);
  const names = namesOf(graph.name, plan);
  const layers = layerEstimates(model, graph, plan, names);
  const sum = (of: (layer: LayerEstimate) => number) => layers.reduce((total, layer) => total + of(layer), 0);
  const tables = sum(({ flashBytes }) => flashBytes);
  const counts = callCounts({ ...names, upper: names.name.toUpperCase(), plan }, names.symbols);
  const kernels = kernelBytesOf(plan, counts, target.id);
  const network = networkBytesOf(counts, target.id);
  const data = layers.some(({ flashCertainty }) => flashCertainty === 'data');
  const frontEnd = options.sound ? frontEndEstimate(options.sound, { plan, counts, target }) : null;
  // Front end and network run in turns.
  const stack = Math.max(stackBytesOf(plan), frontEnd ? soundStackBytes() : 0);
  return {
    target: target.id,
    layers,
    frontEnd,
    total: {
      tables,
      kernels,
      network,
      flash: tables + kernels + network + (frontEnd?.flash ?? 0),
      arena: plan.arenaBytes,
      stack,
      ram: plan.arenaBytes + (frontEnd?.ram ?? 0) + stack + (target.machine ? PROGRAM_RAM : 0),
      macs: sum(({ macs }) => macs),
      instructions: sum(({ instructions }) => instructions ?? 0),
    },
    certainty: {
      tables: data ? 'data' : 'exact',
      kernels: 'fitted',
      network: 'fitted',
      flash: 'fitted',
      arena: 'exact',
      stack: 'fitted',
      ram: 'fitted',
    },
  };
}

function namesOf(network: string, plan: Plan) {
  const symbols = uniqueIdentifiers(
    plan.steps.map(({ id }) => id),
    'layer',
  );
  return { name: toIdentifier(network), symbols };
}

function weightCount({ spec, inputShapes }: ResolvedModel['layers'][number]): number {
  const kernel = layerKindOf(spec.kind).kernel?.(spec, inputShapes);
  return kernel ? kernel.shape.reduce((product, size) => product * size, 1) : 0;
}

function tooLarge(weights: number): EstimateResult {
  const millions = (count: number) => `${Math.round(count / 1e5) / 10} million`;
  const message =
    `the network has ${millions(weights)} weights; up to ${millions(MOST_WEIGHTS)} are planned while it is edited, larger ` +
    'ones by an export';
  return { ok: false, problems: [{ origin: 'deployment', message }] };
}

function refusal(error: BitsmithError, model: ResolvedModel): ModelProblem {
  const named = error.details?.layer;
  // Nodes of the integer graph begin with the name of their layer.
  const id = typeof named === 'string' ? named.split('.')[0] : undefined;
  const index = model.layers.findIndex(({ spec }) => spec.id === id);
  return {
    origin: 'deployment',
    message: error.message,
    ...(id !== undefined && index >= 0 ? { layer: id, index } : {}),
  };
}
