import { z } from 'zod';
import { BitsmithError } from '../../base/errors.ts';
import { parseWith } from '../../base/schema.ts';
import type { ParameterSchema } from '../../quant/types.ts';
import { padValue, type PadValue } from '../layers/pad-value.ts';
import { inferModel } from '../resolve.ts';
import type { ModelSpec } from '../spec.ts';
import type { GraphBuilder } from './parts/builder.ts';

/** Height, width and channels of a sample. */
export type SampleShape = readonly [number, number, number];

/**
 * A ready-made network for any number of classes and every input shape that it can take. It names no method but where
 * its paper leaves a layer in floating point whatever the method: the run's rules apply, among them those for the first
 * and the last layer.
 */
export interface ModelPreset {
  id: string;
  title: string;
  description: string;
  /** Where its layers come from: paper and code. */
  source: string;
  /** Input and classes for which the preset is listed in the catalogue. */
  usual: { shape: SampleShape; classes: number };
  /** Its options; each has a default. A configuration names them beside `preset`. */
  options: ParameterSchema;
  /**
   * @param options absent: the defaults
   * @throws BitsmithError `invalid-input` for a wrong option, or samples that the network cannot take
   */
  build(shape: SampleShape, classes: number, options?: Readonly<Record<string, unknown>>): ModelSpec;
}

interface Definition<S extends ParameterSchema> extends Omit<ModelPreset, 'options' | 'build'> {
  options?: S;
  /** It has convolutions that pad what the run's activation method gives: then it has the option `padValue` as well. */
  padsActivations?: true;
  layers(shape: SampleShape, classes: number, options: z.output<S>): GraphBuilder;
}

/** Methods with which shapes are inferred when a preset is tried on an input; they change no shape. */
const FLOAT = {
  weights: { method: 'full-precision' },
  activations: { method: 'full-precision', function: 'relu' },
};

const presetPadValue = padValue.meta({
  default: 'zero',
  description:
    'what lies in the padding of the convolutions that read the run’s activation method: zero, as in the papers, or ' +
    'minus-one, for binary activations (bnn, xnor-net, bi-real, bnn-plus), with which firmware is about twice as fast',
});

/** Makes a preset of its layers: checks options and input shape and fills in every default of the layers. */
export function modelPreset<S extends ParameterSchema = z.ZodObject<Record<never, never>, z.core.$strict>>(
  definition: Definition<S>,
): ModelPreset {
  const { layers, options: own = z.strictObject({}), padsActivations, ...facts } = definition;
  const schema = padsActivations ? own.extend({ padValue: presetPadValue }) : own;
  const { id } = facts;
  return {
    ...facts,
    options: schema,
    build: (shape, classes, given = {}) => {
      const options = parseWith(schema, given, `model preset "${id}"`) as z.output<S> & {
        padValue?: PadValue;
      };
      try {
        const graph = layers(shape, classes, options);
        if (options.padValue === 'minus-one') graph.padWithMinusOne();
        const spec = graph.spec(id, shape);
        inferModel(spec, FLOAT, classes);
        return spec;
      } catch (error) {
        if (!(error instanceof BitsmithError)) throw error;
        throw new BitsmithError(
          'invalid-input',
          `model preset "${id}" cannot take samples of shape [${shape.join(', ')}]: ${error.message}`,
          { preset: id, ...error.details },
        );
      }
    },
  };
}
