import type { TF, Tensor } from '../../base/tensorflow.ts';

/** Gives the tensor of an operation, computing it when it is first asked for. */
export type Get = (name: string) => Tensor;

/**
 * Named tensor operations that are computed on demand: what nobody asks for costs nothing. Prepared once, with its
 * constants on the back end, and run for every batch.
 */
export class TensorProgram {
  readonly tf: TF;
  readonly #owned: Tensor[] = [];
  readonly #operations = new Map<string, (get: Get) => Tensor>();

  constructor(tf: TF) {
    this.tf = tf;
  }

  /** A constant tensor that lives as long as the program. */
  constant(values: Float32Array | Int32Array, shape: number[] = [values.length]): Tensor {
    const type = values instanceof Int32Array ? 'int32' : 'float32';
    return this.computed(() => this.tf.tensor(values, shape, type));
  }

  /** A constant that is computed once. */
  computed(compute: () => Tensor): Tensor {
    const tensor = this.tf.tidy(() => this.tf.keep(compute()));
    this.#owned.push(tensor);
    return tensor;
  }

  /** A number per channel; one number where all are equal, and null where all are 1. */
  factor(values: Float64Array): Tensor | number | null {
    const [first = 1] = values;
    if (values.some((value) => value !== first)) return this.constant(Float32Array.from(values));
    return first === 1 ? null : first;
  }

  /** Adds an operation and returns its name. */
  operation(compute: (get: Get) => Tensor): string {
    const name = String(this.#operations.size);
    this.#operations.set(name, compute);
    return name;
  }

  /** Computes one operation from the values that are given by name. */
  run(output: string, given: Record<string, Tensor>): Tensor {
    const values = new Map(Object.entries(given));
    const get: Get = (name) => {
      const known = values.get(name);
      if (known) return known;
      const compute = this.#operations.get(name);
      if (!compute) throw new RangeError(`there is no operation ${name}`);
      const value = compute(get);
      values.set(name, value);
      return value;
    };
    return get(output);
  }

  dispose(): void {
    for (const tensor of this.#owned) tensor.dispose();
  }
}
