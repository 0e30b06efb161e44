import { z } from 'zod';
import { ActivationChoiceSchema, activationMethod } from '../../../quant/registry.ts';
import { inputs, layerId } from '../../fields.ts';
import { layerKind } from '../../kind.ts';

/** Activation function or activation quantizer; without a method of its own it takes the run's. */
export const activation = layerKind({
  kind: 'activation',
  title: 'Activation',
  schema: z.strictObject({
    id: layerId,
    kind: z.literal('activation'),
    inputs,
    activations: ActivationChoiceSchema.optional(),
  }),
  arity: 1,
  inferShape: (_spec, [shape]) => shape ?? [],
  forward: ({ spec }, [x], { quantizedActivation }) => {
    if (!x) throw new RangeError(`layer ${spec.id} needs an input`);
    return quantizedActivation(x);
  },
  trained: ({ spec, inputs: from, shape, activation: choice }, { variables }) => {
    if (!choice) throw new RangeError(`layer ${spec.id} has no activation method`);
    const staircase = activationMethod(choice).form.deploy(choice, variables);
    const name = typeof choice.function === 'string' ? choice.function : choice.method;
    return {
      id: spec.id,
      kind: 'activation',
      inputs: from,
      shape,
      name,
      ...(staircase ? { staircase } : {}),
    };
  },
});
