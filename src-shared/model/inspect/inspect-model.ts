import { z } from 'zod';
import type { BitsmithError } from '../../base/errors.ts';
import { checkWith } from '../../base/schema.ts';
import { combinationRefusals } from '../combination/index.ts';
import { totalCost } from '../cost.ts';
import { looseErrors, outputErrors } from '../infer-layer.ts';
import type { QuantizationRules, ResolvedModel } from '../resolve.ts';
import { ModelSpecSchema } from '../spec.ts';
import type { ResolvedLayer, Shape } from '../types.ts';
import { inspectLayers } from './inspect-layers.ts';
import type { InspectedLayer, InspectionContext, ModelInspection, ModelProblem } from './types.ts';

/** A network without its layers, and with any. */
const FrameSchema = z.strictObject({
  ...ModelSpecSchema.shape,
  layers: z.array(z.unknown()).min(1, 'a network needs at least one layer').max(1000),
});

/**
 * A network that is being edited: shape, methods and cost of every layer that can be understood, and everything that is
 * wrong, at the layer that it belongs to, in the very sentences with which a run would be refused. Never throws: not for
 * loose layers, circles, names that are missing or taken twice, wrong fields, or anything that is no network at all.
 *
 * @param document the network as it stands in a configuration; may be anything
 * @param context `classes` of the data set, where it is known
 */
export function inspectModel(
  document: unknown,
  rules: QuantizationRules,
  context: InspectionContext = {},
): ModelInspection {
  const frame = checkFrame(document);
  const layers = inspectLayers(frame.entries, frame.inputShape, rules);
  const understood = layers.flatMap(({ resolved }) => resolved ?? []);
  const whole = understood.length === layers.length && layers.every(({ problems }) => isSound(problems));
  const further = [
    ...methodProblems(understood, !whole),
    ...(whole
      ? outputErrors(frame.name, understood, context.classes)
      : looseErrors(layers.map(({ spec, id, kind, inputs }) => ({ spec: spec ?? { id, kind }, inputs })))
    ).map((error) => problemOf(error, 'output')),
  ];
  const placed = layers.map((layer) => withProblems(layer, further));
  const problems = [
    ...placed.flatMap((layer) => layer.problems),
    ...frame.problems,
    ...further.filter(({ index }) => index === undefined),
  ];
  const costs = placed.flatMap(({ cost }) => cost ?? []);
  return {
    name: frame.name,
    inputShape: frame.inputShape,
    layers: placed,
    problems,
    cost: totalCost(costs),
    complete: costs.length === layers.length && layers.length > 0,
    model: whole && problems.length === 0 && frame.inputShape ? modelOf(frame, understood) : null,
  };
}

interface Frame {
  name: string;
  inputShape: Shape | null;
  entries: readonly unknown[];
  problems: ModelProblem[];
}

function checkFrame(document: unknown): Frame {
  const checked = checkWith(FrameSchema, document);
  const given = (document !== null && typeof document === 'object' ? document : {}) as Record<
    string,
    unknown
  >;
  const input = checkWith(FrameSchema.shape.input, given.input);
  const issues = 'issues' in checked ? checked.issues : [];
  return {
    name: typeof given.name === 'string' ? given.name : '',
    inputShape: 'value' in input ? input.value.shape : null,
    entries: Array.isArray(given.layers) ? given.layers : [],
    problems: issues.map(({ text, keys }) => ({
      origin: 'field',
      message: `the network: ${text}`,
      field: keys,
    })),
  };
}

/** Whether the layers can be taken as a network: nothing is wrong with their names and connections. */
function isSound(problems: readonly ModelProblem[]): boolean {
  return problems.every(({ origin }) => origin !== 'graph' && origin !== 'field');
}

function methodProblems(layers: readonly ResolvedLayer[], part: boolean): ModelProblem[] {
  return combinationRefusals({ layers }, part).map(({ layer, rule, message }) => ({
    origin: 'methods',
    message,
    layer,
    rule,
  }));
}

/** A refusal of the strict resolution as a problem. */
function problemOf(error: BitsmithError, origin: ModelProblem['origin']): ModelProblem {
  const layer = error.details?.layer;
  return { origin, message: error.message, ...(typeof layer === 'string' ? { layer } : {}) };
}

/** The problems that name a layer, at that layer; `index` is filled in. */
function withProblems(layer: InspectedLayer, further: ModelProblem[]): InspectedLayer {
  const mine = further.filter((problem) => problem.layer === layer.id && problem.index === undefined);
  for (const problem of mine) problem.index = layer.index;
  return mine.length === 0 ? layer : { ...layer, problems: [...layer.problems, ...mine] };
}

function modelOf({ name, inputShape }: Frame, layers: readonly ResolvedLayer[]): ResolvedModel {
  return { name, inputShape: inputShape ?? [], layers, outputs: layers.at(-1)?.shape[0] ?? 0 };
}
