import type { TF, Tensor } from '../base/tensorflow.ts';
import { layerKindOf } from '../model/layers/registry.ts';
import { INPUT, type ResolvedModel } from '../model/resolve.ts';
import type { ResolvedLayer } from '../model/types.ts';
import { activationMethod, weightMethod } from '../quant/registry.ts';

export interface ForwardInput {
  /** Normalised samples, [batch, height, width, channels]. */
  x: Tensor;
  /** Every variable of the network by name. */
  variables: Record<string, Tensor>;
  /** Noise per layer id, for the layers that ask for it. */
  noise: Record<string, Tensor>;
  /** Receives new values of state variables by name; they are kept and belong to the caller. */
  update(name: string, value: Tensor): void;
  /** Receives what a weight method adds to the loss. */
  penalize(penalty: Tensor): void;
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
  const prefix = `${id}/`;
  const variables = Object.fromEntries(
    Object.entries(input.variables).flatMap(([name, value]) =>
      name.startsWith(prefix) ? [[name.slice(prefix.length), value]] : [],
    ),
  );
  const noise = input.noise[id];
  const update = (name: string, value: Tensor) => input.update(prefix + name, tf.keep(value));
  const methodNoise = input.noise[`${id}/kernel`] ?? input.noise[`${id}/activation`];
  const methodContext = { tf, variables, update, ...(methodNoise ? { noise: methodNoise } : {}) };
  return kind.forward(layer, inputs, {
    tf,
    variables,
    ...(noise ? { noise } : {}),
    update,
    quantizedKernel: () => {
      const shape = kind.kernel?.(layer.spec, layer.inputShapes);
      if (!shape || !layer.weights || !variables.kernel) throw new RangeError(`layer ${id} has no kernel`);
      const { form } = weightMethod(layer.weights);
      const penalty = form.regularize?.(variables.kernel, shape, layer.weights, methodContext);
      if (penalty) input.penalize(penalty);
      return form.quantize(variables.kernel, shape, layer.weights, methodContext);
    },
    quantizedActivation: (x) => {
      if (!layer.activation) throw new RangeError(`layer ${id} has no activation method`);
      return activationMethod(layer.activation).form.quantize(x, layer.activation, methodContext);
    },
  });
}
