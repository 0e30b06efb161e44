import { ModelSpecSchema, type ModelSpec } from '../../spec.ts';
import type { LayerSpecBase } from '../../types.ts';

type Fields = Record<string, unknown>;
type Size = number | readonly [number, number];

/**
 * Writes a graph of layers with short words. Layers follow each other; `from` starts a branch at an earlier one. Ids are
 * numbered per kind, anew in each `scope`: `conv1`, `norm1`; `b2-conv1`. What a field leaves out has the schema's
 * default.
 */
export class GraphBuilder {
  readonly layers: LayerSpecBase[] = [];
  #counts = new Map<string, number>();
  #scope = '';
  #from: string | undefined;
  #last = 'input';

  /** Id of the layer that was written last: what the next one follows. */
  get last(): string {
    return this.#last;
  }

  scope(name: string): this {
    this.#scope = `${name}-`;
    this.#counts = new Map();
    return this;
  }

  from(id: string): this {
    this.#from = id;
    this.#last = id;
    return this;
  }

  conv(filters: number, kernel: Size, fields: Fields = {}): this {
    return this.#push('conv', 'conv2d', { filters, kernel, ...fields });
  }
  depthwise(kernel: Size, fields: Fields = {}): this {
    return this.#push('depthwise', 'depthwise-conv2d', { kernel, ...fields });
  }
  dense(units: number, fields: Fields = {}): this {
    return this.#push('dense', 'dense', { units, ...fields });
  }
  norm(fields: Fields = {}): this {
    return this.#push('norm', 'batch-norm', fields);
  }
  maxPool(size: Size = 2, fields: Fields = {}): this {
    return this.#push('pool', 'max-pool', { size, ...fields });
  }
  averagePool(size: Size = 2, fields: Fields = {}): this {
    return this.#push('mean', 'average-pool', { size, ...fields });
  }
  globalPool(): this {
    return this.#push('mean', 'global-average-pool');
  }
  /** The run's activation method. */
  act(fields: Fields = {}): this {
    return this.#push('act', 'activation', fields);
  }
  /** A ReLU in floating point, whatever the run's activation method. */
  relu(): this {
    return this.act({ activations: { method: 'full-precision', function: 'relu' } });
  }
  flatten(): this {
    return this.#push('flatten', 'flatten');
  }
  dropout(rate: number): this {
    return rate > 0 ? this.#push('drop', 'dropout', { rate }) : this;
  }
  shortcutA(filters: number, strides: number, fields: Fields = {}): this {
    return this.#push('shortcut', 'shortcut-a', { filters, strides, ...fields });
  }
  /** The sum of what was written last and another layer. */
  add(other: string): this {
    return this.#push('add', 'add', { inputs: [this.#last, other] });
  }

  /** Lets the convolutions pad with −1 that read the run's activation method, if need be through pooling and dropout. */
  padWithMinusOne(): this {
    this.layers.forEach((layer, index) => {
      const convolves = layer.kind === 'conv2d' || layer.kind === 'depthwise-conv2d';
      if (convolves && this.#readsActivation(index)) Object.assign(layer, { padValue: 'minus-one' });
    });
    return this;
  }

  #readsActivation(index: number): boolean {
    const name = this.layers[index]?.inputs?.[0];
    const from = name === undefined ? index - 1 : this.layers.findIndex(({ id }) => id === name);
    const source = this.layers[from];
    if (source?.kind === 'max-pool' || source?.kind === 'dropout') return this.#readsActivation(from);
    return source?.kind === 'activation' && !('activations' in source);
  }

  /** The network, with every default of the layers filled in. */
  spec(name: string, [height, width, channels]: readonly [number, number, number]): ModelSpec {
    const input = { shape: [height, width, channels] };
    return ModelSpecSchema.parse({ version: 1, name, input, layers: this.layers });
  }

  #push(stem: string, kind: string, fields: Fields = {}): this {
    const count = (this.#counts.get(stem) ?? 0) + 1;
    this.#counts.set(stem, count);
    const id = `${this.#scope}${stem}${count}`;
    const inputs = this.#from === undefined ? {} : { inputs: [this.#from] };
    this.layers.push({ id, kind, ...inputs, ...fields });
    this.#from = undefined;
    this.#last = id;
    return this;
  }
}
