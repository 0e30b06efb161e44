import type { TF, Tensor } from '../base/tensorflow.ts';
import type { ResolvedModel } from '../model/resolve.ts';
import type { NetworkVariable } from '../model/variables.ts';
import type { Pruning } from '../prune/config.ts';
import { forwardTensor } from './forward.ts';
import { namedVariables, type StepInput, type TrainingState } from './step.ts';

interface Source {
  model: ResolvedModel;
  variables: readonly NetworkVariable[];
  state: TrainingState;
  input: StepInput;
  pruning: Pruning | undefined;
}

/** What each activation layer gets from a batch in training, flat, by layer id. The network is not changed. */
export async function observeActivations(tf: TF, source: Source): Promise<Map<string, Float32Array>> {
  const { model, variables, state, input, pruning } = source;
  const observed = new Map<string, Tensor>();
  const updates: Tensor[] = [];
  tf.tidy(() => {
    forwardTensor(tf, model, {
      x: input.x,
      variables: namedVariables(tf, variables, state),
      noise: input.noise,
      scalars: input.scalars,
      pruning,
      update: (_name, value) => void updates.push(value),
      penalize: () => undefined,
      observe: ({ spec }, x) => void observed.set(spec.id, tf.keep(tf.clone(x))),
    });
  });
  tf.dispose(updates);
  const numbers = new Map<string, Float32Array>();
  for (const [layer, tensor] of observed) {
    numbers.set(layer, Float32Array.from(await tensor.data()));
    tensor.dispose();
  }
  return numbers;
}
