import type { TF, Tensor } from '../base/tensorflow.ts';
import { layerKindOf } from '../model/layers/registry.ts';
import { INPUT, type ResolvedModel } from '../model/resolve.ts';
import type { ResolvedLayer } from '../model/types.ts';
import type { Pruning } from '../prune/config.ts';
import { groupPenalty } from '../prune/group-penalty.ts';
import { customGradient } from '../quant/parts/custom-gradient.ts';
import { relaxedActivation } from '../quant/relaxed.ts';
import { activationMethod, weightMethod } from '../quant/registry.ts';
import type { MethodContext, WeightShape } from '../quant/types.ts';

/** The scalars that change over time and act in the forward pass; what the plan does not use is absent. */
export interface ForwardScalars {
  /** Share of the quantized form in weights and activations: 0 is full precision. Absent: 1. */
  weightQuantization?: Tensor | undefined;
  activationQuantization?: Tensor | undefined;
  /** Multiplies what weight methods and pruning add to the loss. Absent: 1. */
  regularization?: Tensor | undefined;
  /** 1 while batch norm keeps still. Absent: 0. */
  freezeBatchNorm?: Tensor | undefined;
}

export interface ForwardInput {
  /** Normalised samples, [batch, height, width, channels]. */
  x: Tensor;
  /** Every variable of the network by name. */
  variables: Record<string, Tensor>;
  /** Noise per layer id, for the layers that ask for it. */
  noise: Record<string, Tensor>;
  scalars?: ForwardScalars;
  pruning?: Pruning | undefined;
  /** The network as it is used: running statistics, no dropout, nothing updated. */
  inference?: boolean;
  /** Receives new values of state variables by name; they are kept and belong to the caller. */
  update(name: string, value: Tensor): void;
  /** Receives what a weight method adds to the loss. */
  penalize(penalty: Tensor): void;
  /** Sees what each activation layer gets; called inside the caller's tidy. */
  observe?(layer: ResolvedLayer, x: Tensor): void;
}

/** The training form of a network: logits [batch, classes]. Tensors only, no branch on a tensor's value. */
export function forwardTensor(tf: TF, model: ResolvedModel, input: ForwardInput): Tensor {
  const values = new Map<string, Tensor>([[INPUT, input.x]]);
  let last = input.x;
  for (const layer of model.layers) {
    const inputs = layer.inputs.map((name) => {
      const value = values.get(name);
      if (!value) throw new RangeError(`layer ${layer.spec.id}: no value ${name}`);
      return value;
    });
    last = layerForward(tf, layer, inputs, input);
    values.set(layer.spec.id, last);
  }
  return last;
}

function layerForward(tf: TF, layer: ResolvedLayer, inputs: readonly Tensor[], input: ForwardInput): Tensor {
  const { id } = layer.spec;
  const kind = layerKindOf(layer.spec.kind);
  const { inference = false, scalars = {} } = input;
  const prefix = `${id}/`;
  const variables = Object.fromEntries(
    Object.entries(input.variables).flatMap(([name, value]) =>
      name.startsWith(prefix) ? [[name.slice(prefix.length), value]] : [],
    ),
  );
  const noise = input.noise[id];
  const update = (name: string, value: Tensor) => {
    if (!inference) input.update(prefix + name, tf.keep(value));
  };
  const methodNoise = input.noise[`${id}/kernel`] ?? input.noise[`${id}/activation`];
  const methodContext = { tf, variables, update, ...(methodNoise ? { noise: methodNoise } : {}) };
  return kind.forward(layer, inputs, {
    tf,
    variables,
    inference,
    ...(noise ? { noise } : {}),
    ...(scalars.freezeBatchNorm ? { frozen: scalars.freezeBatchNorm } : {}),
    update,
    quantizedKernel: () => {
      const shape = kind.kernel?.(layer.spec, layer.inputShapes);
      if (!shape) throw new RangeError(`layer ${id} has no kernel`);
      return quantizedKernel(layer, shape, input, methodContext);
    },
    quantizedActivation: (x) => {
      const choice = layer.activation;
      if (!choice) throw new RangeError(`layer ${id} has no activation method`);
      input.observe?.(layer, x);
      const { form } = activationMethod(choice);
      return blend(
        tf,
        scalars.activationQuantization,
        () => relaxedActivation(tf, choice, x),
        () => form.quantize(x, choice, methodContext),
      );
    },
  });
}

/** The kernel: masked, quantized, masked once more (a binary method has no code 0), blended, its penalties told. */
function quantizedKernel(
  layer: ResolvedLayer,
  shape: WeightShape,
  { scalars = {}, pruning, penalize }: ForwardInput,
  context: MethodContext,
): Tensor {
  const { tf, variables } = context;
  const { kernel, mask } = variables;
  const choice = layer.weights;
  if (!kernel || !choice) throw new RangeError(`layer ${layer.spec.id} lacks its kernel`);
  const { form } = weightMethod(choice);
  const pass = pruning?.masks === 'regrown';
  const cut = (weights: Tensor) => (mask ? masked(tf, weights, mask, pass) : weights);
  const latent = cut(kernel);
  const penalties = [
    form.regularize?.(latent, shape, choice, context),
    pruning?.penalty && mask ? groupPenalty(tf, latent, shape, pruning) : undefined,
  ];
  for (const penalty of penalties) {
    if (penalty) penalize(scalars.regularization ? tf.mul(penalty, scalars.regularization) : penalty);
  }
  return blend(
    tf,
    scalars.weightQuantization,
    () => latent,
    () => cut(form.quantize(latent, shape, choice, context)),
  );
}

/** weights · mask; where masks may be regrown, the gradient reaches the masked weights too. */
function masked(tf: TF, weights: Tensor, mask: Tensor, regrown: boolean): Tensor {
  if (!regrown) return tf.mul(weights, mask);
  return customGradient(
    tf,
    [weights],
    (w) => ({ value: tf.mul(w, mask), saved: [] }),
    (dy) => [dy],
  );
}

/** (1 − share) · relaxed + share · quantized: exactly one of them at 0 and at 1. */
function blend(tf: TF, share: Tensor | undefined, relaxed: () => Tensor, quantized: () => Tensor): Tensor {
  if (!share) return quantized();
  return tf.add(tf.mul(relaxed(), tf.sub(1, share)), tf.mul(quantized(), share));
}
