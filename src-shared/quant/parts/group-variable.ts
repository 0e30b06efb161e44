import type { TF, Tensor } from '../../base/tensorflow.ts';
import type { WeightShape } from '../types.ts';
import type { Granularity } from './scales.ts';

/** Number of entries of a variable that has one value per layer, or one per filter. */
export function groupCount(shape: WeightShape, granularity: Granularity): number {
  return granularity === 'layer' ? 1 : shape.filters;
}

/** That variable, a vector, in a shape that broadcasts against the kernel. Differentiable. */
export function againstKernel(tf: TF, variable: Tensor, shape: WeightShape): Tensor {
  const extents = shape.shape.map((_, axis) => (axis === shape.filterAxis ? variable.size : 1));
  return tf.reshape(variable, extents);
}

/** A variable of the layer by its short name. */
export function variableOf(variables: Record<string, Tensor>, name: string): Tensor {
  const tensor = variables[name];
  if (!tensor) throw new RangeError(`the layer lacks its variable ${name}`);
  return tensor;
}

/** The plain numbers of a variable by its short name. */
export function numbersOf(variables: Record<string, Float32Array>, name: string): Float32Array {
  const numbers = variables[name];
  if (!numbers) throw new RangeError(`the layer lacks its variable ${name}`);
  return numbers;
}
