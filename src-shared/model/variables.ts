import { RandomStream } from '../base/random.ts';
import { activationMethod, weightMethod } from '../quant/registry.ts';
import type { VariableSpec } from '../quant/types.ts';
import { kernelInitial } from './initial.ts';
import { layerKindOf } from './layers/registry.ts';
import type { ResolvedModel } from './resolve.ts';
import type { ResolvedLayer } from './types.ts';

/** A variable of a network, named `<layer>/<name>`. */
export interface NetworkVariable extends VariableSpec {
  layer: string;
  /** Name within the layer, e.g. `kernel`. */
  short: string;
  /** What it belongs to: the kernel, its pruning mask, a quantization method, or the layer itself. */
  role: 'kernel' | 'mask' | 'quantizer' | 'layer';
  /** The kernel is always in one of so many equally spaced states in [−1, 1]. */
  states?: number;
}

/** Every variable of a network in a fixed order: layer by layer, the kernel first. */
export function networkVariables(model: ResolvedModel): NetworkVariable[] {
  return model.layers.flatMap((layer) =>
    layerVariables(layer).map((variable) => ({
      ...variable,
      layer: layer.spec.id,
      short: variable.name,
      name: `${layer.spec.id}/${variable.name}`,
    })),
  );
}

type LayerVariable = VariableSpec & Pick<NetworkVariable, 'role' | 'states'>;

function layerVariables(layer: ResolvedLayer): LayerVariable[] {
  const kind = layerKindOf(layer.spec.kind);
  const withRole = (role: NetworkVariable['role'], variables: VariableSpec[] = []): LayerVariable[] =>
    variables.map((variable) => ({ ...variable, role }));
  const own = withRole('layer', kind.variables?.(layer.spec, layer.inputShapes));
  if (layer.activation) {
    const { form } = activationMethod(layer.activation);
    return [...own, ...withRole('quantizer', form.variables?.(layer.activation))];
  }
  const kernel = kind.kernel?.(layer.spec, layer.inputShapes);
  if (!kernel || !layer.weights) return own;
  const { form } = weightMethod(layer.weights);
  const states = form.states?.(layer.weights);
  const mask: LayerVariable = {
    name: 'mask',
    role: 'mask',
    shape: kernel.shape,
    trainable: false,
    decay: false,
    initial: { kind: 'constant', value: 1 },
  };
  return [
    {
      name: 'kernel',
      role: 'kernel',
      ...(states ? { states } : {}),
      shape: kernel.shape,
      trainable: true,
      decay: true,
      initial: kernelInitial(layer.spec, kernel),
    },
    ...(layer.pruned ? [mask] : []),
    ...own,
    ...withRole('quantizer', form.variables?.(kernel, layer.weights)),
  ];
}

/**
 * Initial value of every variable by name. Random ones are keyed by (seed, name); a weight method may set its own
 * variables, and the kernel, from the kernel's first value.
 *
 * @param given values that are known already (another run's weights, or those so far); methods start from these
 */
export function initialValues(
  model: ResolvedModel,
  seed: number,
  given: Readonly<Record<string, Float32Array>> = {},
): Record<string, Float32Array> {
  const values = Object.fromEntries(
    networkVariables(model).map((variable) => [
      variable.name,
      given[variable.name] ?? initialValue(variable, seed),
    ]),
  );
  for (const layer of model.layers) {
    const shape = layerKindOf(layer.spec.kind).kernel?.(layer.spec, layer.inputShapes);
    const kernel = values[`${layer.spec.id}/kernel`];
    if (!shape || !layer.weights || !kernel) continue;
    const random = new RandomStream(seed, `initialize:${layer.spec.id}`);
    const own = weightMethod(layer.weights).form.initialize?.(kernel, shape, layer.weights, random) ?? {};
    for (const [short, value] of Object.entries(own)) {
      const name = `${layer.spec.id}/${short}`;
      values[name] = given[name] ?? value;
    }
  }
  return values;
}

function initialValue(variable: NetworkVariable, seed: number): Float32Array {
  const count = variable.shape.reduce((product, size) => product * size, 1);
  const { initial } = variable;
  if (initial.kind === 'constant') return new Float32Array(count).fill(initial.value);
  const random = new RandomStream(seed, `init:${variable.name}`);
  if (initial.kind === 'he-normal' || initial.kind === 'normal') {
    const deviation = initial.kind === 'normal' ? initial.deviation : Math.sqrt(2 / initial.fanIn);
    return Float32Array.from({ length: count }, () => deviation * random.nextNormal());
  }
  const limit = initial.kind === 'uniform' ? initial.limit : Math.sqrt(6 / (initial.fanIn + initial.fanOut));
  return Float32Array.from({ length: count }, () => limit * (2 * random.nextUniform() - 1));
}
