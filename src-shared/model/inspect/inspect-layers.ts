import { BitsmithError } from '../../base/errors.ts';
import { layerCost } from '../cost.ts';
import { edgeMethods, type EdgeMethods } from '../edges.ts';
import {
  checkArity,
  checkInput,
  checkName,
  INPUT,
  inferLayer,
  methodsOfLayer,
  valueOf,
  type LayerInput,
} from '../infer-layer.ts';
import { layerKindOf } from '../layers/registry.ts';
import type { QuantizationRules } from '../resolve.ts';
import type { LayerSpecBase, ResolvedLayer, Shape } from '../types.ts';
import { readLayers, type ReadLayer } from './read-layers.ts';
import type { InspectedLayer, ModelProblem, ProblemOrigin } from './types.ts';

const NO_EDGES: EdgeMethods = { weights: new Map(), activations: new Map() };

/**
 * Every layer as far as it can be understood: what is wrong with one leaves the others alone, and a value that comes from
 * a later layer still has its shape.
 */
export function inspectLayers(
  entries: readonly unknown[],
  inputShape: Shape | null,
  rules: QuantizationRules,
): InspectedLayer[] {
  const read = readLayers(entries);
  const edges = edgesOf(read, rules);
  const inference = new Inference(read, inputShape, rules, edges);
  return read.map((layer) => inference.inspect(layer));
}

/** The rules for the first and the last layer; where they cannot be applied, that is a problem of the layer. */
function edgesOf(layers: readonly ReadLayer[], rules: QuantizationRules): EdgeMethods {
  const known = layers.map(({ id, kind, inputs, follows, spec }): LayerSpecBase => {
    if (spec) return spec;
    return { id, kind, ...(follows ? {} : { inputs: [...inputs] }) };
  });
  try {
    return edgeMethods({ layers: known }, rules);
  } catch (error) {
    const problem = asProblem(error, 'methods');
    const owner = layers.find(({ id }) => id === problem.layer);
    owner?.problems.push({ ...problem, index: owner.index });
    return NO_EDGES;
  }
}

class Inference {
  readonly #layers: readonly ReadLayer[];
  readonly #byName = new Map<string, ReadLayer>();
  readonly #resolved = new Map<ReadLayer, ResolvedLayer | null>();
  readonly #inputShape: Shape | null;
  readonly #rules: QuantizationRules;
  readonly #edges: EdgeMethods;

  constructor(
    layers: readonly ReadLayer[],
    inputShape: Shape | null,
    rules: QuantizationRules,
    edges: EdgeMethods,
  ) {
    this.#layers = layers;
    this.#inputShape = inputShape;
    this.#rules = rules;
    this.#edges = edges;
    for (const layer of layers) if (!this.#byName.has(layer.id)) this.#byName.set(layer.id, layer);
  }

  inspect(layer: ReadLayer): InspectedLayer {
    const names = [INPUT, ...this.#layers.slice(0, layer.index).map(({ id }) => id)];
    this.#check(layer, names);
    const resolved = this.#resolve(layer);
    const values = this.#sources(layer).map((source) => this.#value(source));
    const { spec } = layer;
    const kernel = resolved && layerKindOf(layer.kind).kernel?.(resolved.spec, resolved.inputShapes);
    return {
      index: layer.index,
      id: layer.id,
      kind: layer.kind,
      spec,
      inputs: layer.inputs,
      inputShapes: values.map((value) => value?.shape ?? null),
      shape: resolved?.shape ?? null,
      inputBits: resolved?.inputBits ?? null,
      outputBits: resolved?.outputBits ?? null,
      ...(spec ? this.#methods(spec) : {}),
      ...(kernel ? { kernel } : {}),
      cost: resolved ? layerCost(resolved) : null,
      resolved,
      problems: layer.problems,
    };
  }

  /** Name and connections, by the checks of the strict resolution; all of them, not only the first. */
  #check(layer: ReadLayer, names: readonly string[]): void {
    const stub: LayerSpecBase = layer.spec ?? { id: layer.id, kind: layer.kind };
    if (layer.id !== '') note(layer, 'graph', ['id'], () => checkName(stub, names));
    if (layer.spec) note(layer, 'graph', ['inputs'], () => checkArity(stub, layer.inputs));
    if (layer.follows) return;
    layer.inputs.forEach((name, i) =>
      note(layer, 'graph', ['inputs', i], () => checkInput(stub, name, names)),
    );
  }

  /** The layers that a layer reads; null stands for the samples, undefined for a name that does not exist. */
  #sources({ inputs, follows, index }: ReadLayer): (ReadLayer | null | undefined)[] {
    if (follows) return [this.#layers[index - 1] ?? null];
    return inputs.map((name) => (name === INPUT ? null : this.#byName.get(name)));
  }

  #value(source: ReadLayer | null | undefined): LayerInput | null {
    if (source === undefined) return null;
    if (source === null) return this.#inputShape && valueOf(undefined, this.#inputShape);
    const resolved = this.#resolve(source);
    return resolved && valueOf(resolved, resolved.shape);
  }

  #resolve(layer: ReadLayer): ResolvedLayer | null {
    const before = this.#resolved.get(layer);
    if (before !== undefined) return before;
    // Whoever asks again from inside a circle gets nothing.
    this.#resolved.set(layer, null);
    const resolved = this.#infer(layer);
    this.#resolved.set(layer, resolved);
    return resolved;
  }

  #infer(layer: ReadLayer): ResolvedLayer | null {
    const { spec } = layer;
    const values = this.#sources(layer).map((source) => this.#value(source));
    if (!spec || values.length === 0 || values.includes(null)) return null;
    const known = values.filter((value) => value !== null);
    let resolved: ResolvedLayer | null = null;
    note(layer, 'shape', undefined, () => {
      resolved = inferLayer(spec, layer.inputs, known, { rules: this.#rules, edges: this.#edges });
    });
    return resolved;
  }

  #methods(spec: LayerSpecBase): Pick<InspectedLayer, 'weights' | 'activation' | 'methodFrom'> {
    const methods = methodsOfLayer(spec, { rules: this.#rules, edges: this.#edges });
    const edge = this.#edges.weights.has(spec.id) || this.#edges.activations.has(spec.id);
    const own = 'weights' in spec ? spec.weights : 'activations' in spec ? spec.activations : undefined;
    const chosen = methods.weights ?? methods.activation;
    if (!chosen) return {};
    const methodFrom = own ? 'layer' : edge ? this.#edgeOf(chosen) : 'run';
    return { ...methods, methodFrom };
  }

  #edgeOf(chosen: unknown): 'first-layer' | 'last-layer' {
    return chosen === this.#rules.firstLayer?.weights ? 'first-layer' : 'last-layer';
  }
}

/** Runs one check; what it refuses becomes a problem of the layer. */
function note(
  layer: ReadLayer,
  origin: ProblemOrigin,
  field: ModelProblem['field'],
  check: () => void,
): void {
  try {
    check();
  } catch (error) {
    const problem = asProblem(error, origin);
    layer.problems.push({ ...problem, layer: layer.id, index: layer.index, ...(field ? { field } : {}) });
  }
}

/** What the checks of the strict resolution refuse; anything else is a defect of ours. */
function asProblem(error: unknown, origin: ProblemOrigin): ModelProblem {
  if (!(error instanceof BitsmithError)) throw error;
  const layer = error.details?.layer;
  return { origin, message: error.message, ...(typeof layer === 'string' ? { layer } : {}) };
}
