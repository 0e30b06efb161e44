import type { LayerSpecBase, Shape } from '../types.ts';
import type { ModelSpec } from '../spec.ts';

/** A ready-made network for any input shape and number of classes. It names no method: the run's rules apply. */
export interface ModelPreset {
  id: string;
  title: string;
  description: string;
  /** Input and classes for which the preset is listed in the catalogue. */
  usual: { shape: readonly [number, number, number]; classes: number };
  build(shape: readonly [number, number, number], classes: number): ModelSpec;
}

/** Writes a chain of layers with short words; ids are numbered per kind. */
export class ChainBuilder {
  readonly layers: LayerSpecBase[] = [];
  readonly #counts = new Map<string, number>();

  #push(stem: string, kind: string, fields: Record<string, unknown> = {}): this {
    const count = (this.#counts.get(stem) ?? 0) + 1;
    this.#counts.set(stem, count);
    this.layers.push({ id: `${stem}${count}`, kind, ...fields });
    return this;
  }

  conv(filters: number, kernel: number, fields: Record<string, unknown> = {}): this {
    return this.#push('conv', 'conv2d', {
      filters,
      kernel,
      strides: 1,
      dilation: 1,
      padding: 'same',
      bias: false,
      ...fields,
    });
  }
  dense(units: number): this {
    return this.#push('dense', 'dense', { units, bias: false });
  }
  norm(): this {
    return this.#push('norm', 'batch-norm', { momentum: 0.9, epsilon: 1e-4 });
  }
  maxPool(size = 2): this {
    return this.#push('pool', 'max-pool', { size, padding: 'valid' });
  }
  act(): this {
    return this.#push('act', 'activation');
  }
  flatten(): this {
    return this.#push('flatten', 'flatten');
  }

  spec(name: string, shape: Shape): ModelSpec {
    const [height = 1, width = 1, channels = 1] = shape;
    return { version: 1, name, input: { shape: [height, width, channels] }, layers: this.layers };
  }
}
