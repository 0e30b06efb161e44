import { mapShape, type ConvNode, type PoolNode, type ThresholdNode } from '../ir/graph.ts';
import { wordsOf } from '../plan/encoding.ts';
import { ELEMENT_BYTES } from '../plan/plan.ts';
import type { ConvLevelsStep, ConvStep, DenseStep, Place, Step } from '../plan/types.ts';
import { Addresses, C_TYPE, rowStep } from './addresses.ts';
import type { Emission } from './types.ts';

/** The C of one step: constant descriptions, and statements. */
export interface StepCode {
  structs: string[];
  calls: string[];
}

/** Writes down the kernel calls of one step. */
export class StepWriter {
  readonly #symbol: string;
  readonly #table: string;
  readonly #emission: Emission;
  readonly #address: Addresses;
  readonly #structs: string[] = [];
  readonly #calls: string[] = [];

  constructor(emission: Emission, symbol: string) {
    this.#emission = emission;
    this.#symbol = symbol;
    this.#table = `${emission.name}_${symbol}`;
    this.#address = new Addresses(emission);
  }

  write(step: Step): StepCode {
    switch (step.kind) {
      case 'pad':
        this.#pad(step.from, step.to, step.kernel, step.fill !== undefined);
        break;
      case 'conv2d':
        this.#conv(step);
        break;
      case 'conv2d-levels':
        this.#convLevels(step);
        break;
      case 'dense':
        this.#call(step.kernel, [
          this.#weights(step),
          this.#start(step),
          this.#address.inner(step.from),
          this.#address.inner(step.to),
        ]);
        break;
      case 'pool':
        this.#clear(step.to);
        this.#call(step.kernel, [
          this.#pool(step.node, step.from),
          this.#map('in', step.from),
          this.#map('out', step.to),
          this.#address.inner(step.from),
          this.#address.inner(step.to),
        ]);
        break;
      case 'add':
        this.#clear(step.to);
        this.#call(step.kernel, [
          this.#map('a', step.from[0]),
          this.#map('b', step.from[1]),
          this.#map('out', step.to),
          this.#address.inner(step.from[0]),
          this.#address.inner(step.from[1]),
          this.#address.inner(step.to),
        ]);
        break;
      case 'threshold':
        this.#clear(step.to);
        this.#call(step.kernel, [
          this.#thresholds(step.node),
          this.#map('in', step.from),
          this.#map('out', step.to),
          this.#address.inner(step.from),
          this.#address.inner(step.to),
        ]);
        break;
      case 'combine': {
        this.#clear(step.to);
        const out = this.#map('out', step.to);
        const [fill = '', ...kernels] = step.kernels;
        this.#call(fill, [out, `${this.#table}_bias`, this.#address.inner(step.to)]);
        step.from.forEach((place, index) =>
          this.#call(kernels[index] ?? '', [
            this.#map(`in${index}`, place),
            out,
            `${this.#table}_multipliers${index}`,
            this.#address.inner(place),
            this.#address.inner(step.to),
          ]),
        );
        break;
      }
      case 'lookup':
        this.#clear(step.to);
        this.#call(step.kernel, [
          this.#map('in', step.from),
          this.#map('out', step.to),
          `${this.#table}_lookup`,
          String(step.node.low),
          this.#address.inner(step.from),
          this.#address.inner(step.to),
        ]);
        break;
      case 'affine':
        this.#calls.push(`memcpy(logits, ${this.#table}_bias, sizeof ${this.#table}_bias);`);
        step.from.forEach((place, index) =>
          this.#call(step.kernels[index] ?? '', [
            `${this.#emission.upper}_CLASSES`,
            this.#address.inner(place),
            `${this.#table}_multipliers${index}`,
            'logits',
          ]),
        );
        break;
    }
    return { structs: this.#structs, calls: this.#calls };
  }

  #call(kernel: string, parameters: readonly string[]): void {
    this.#calls.push(
      `result = ${kernel}(${parameters.join(', ')});`,
      'if (result != BS_OK) {',
      '    return result;',
      '}',
    );
  }

  #struct(type: string, part: string, fields: readonly string[]): string {
    const name = `${this.#symbol}_${part}`;
    this.#structs.push(`static const ${type} ${name} = {${fields.join(', ')}};`);
    return `&${name}`;
  }

  #map(part: string, place: Place): string {
    return this.#struct('bs_map', part, numbers([place.height, place.width, place.channels, rowStep(place)]));
  }

  /** The border of a new value holds zeros. */
  #clear(place: Place): void {
    const { top, left, bottom, right } = place.border;
    if (top + left + bottom + right === 0) return;
    const bytes = (place.height + top + bottom) * rowStep(place) * ELEMENT_BYTES[place.type];
    this.#calls.push(`memset(${this.#address.whole(place)}, 0, ${bytes}U);`);
  }

  #pad(from: Place, to: Place, kernel: string, filled: boolean): void {
    const { top, left, bottom, right } = to.border;
    const frame: Place = {
      ...to,
      height: to.height + top + bottom,
      width: to.width + left + right,
      border: { top: 0, left: 0, bottom: 0, right: 0 },
    };
    this.#call(kernel, [
      this.#map('in', from),
      this.#map('out', frame),
      `${top}U`,
      `${left}U`,
      ...(filled ? [`${this.#table}_fill`] : []),
      this.#address.inner(from),
      this.#address.buffer(to.buffer, C_TYPE[to.type]),
    ]);
  }

  #conv(step: ConvStep): void {
    const window = this.#window('window', step.node, step.from);
    const weights = this.#weights(step);
    const finish = this.#finish(step, step.node.shape);
    this.#clear(step.to);
    this.#call(step.kernel, [
      window,
      weights,
      this.#start(step),
      finish,
      this.#address.inner(step.from, step.node.padding),
      this.#address.inner(step.to),
      ...this.#convScratch(step),
    ]);
  }

  #convLevels(step: ConvLevelsStep): void {
    const { levels, to } = step;
    const table = `${this.#symbol}_levels`;
    const bytes = levels.some(({ encoding }) => encoding === 'bytes');
    const rows = levels.map((level, index) => {
      const part = `level${index}`;
      const name = `${this.#table}_${part}`;
      const fields = [
        this.#window(`${part}_window`, level.node, level.from),
        this.#weights(level, part),
        level.start ? `${name}_start` : 'NULL',
        `${name}_multipliers`,
      ];
      return `    {${fields.join(', ')}}`;
    });
    const type = bytes ? 'bs_bytes_level' : 'bs_planes_level';
    this.#structs.push(`static const ${type} ${table}[${levels.length}] = {\n${rows.join(',\n')}};`);
    const finish = this.#finish(step, levels[0]?.node.shape ?? []);
    this.#clear(to);
    const element = C_TYPE[levels[0]?.from.type ?? 'i8'];
    const inputs = levels.map(({ node, from }) => this.#address.inner(from, node.padding));
    this.#calls.push('{', `    const ${element} *const inputs[${levels.length}] = {`);
    inputs.forEach((input, index) =>
      this.#calls.push(`        ${input}${index + 1 < inputs.length ? ',' : '};'}`),
    );
    const before = this.#calls.length;
    this.#call(step.kernel, [
      table,
      `${levels.length}U`,
      `${this.#table}_bias`,
      finish,
      'inputs',
      this.#address.inner(to),
      ...this.#convScratch(step),
    ]);
    for (let i = before; i < this.#calls.length; i++) this.#calls[i] = `    ${this.#calls[i]}`;
    this.#calls.push('}');
  }

  #convScratch(step: ConvStep | ConvLevelsStep): string[] {
    const plane = this.#address.buffer(step.plane, 'int32_t');
    return step.list === undefined ? [plane] : [plane, this.#address.buffer(step.list, 'uint16_t')];
  }

  #window(part: string, node: ConvNode, from: Place): string {
    const depthwise = node.kind === 'depthwise-conv2d';
    const row = rowStep(from);
    const [height, width] = mapShape(node.shape);
    const fields = [
      node.kernel[0],
      node.kernel[1],
      depthwise ? 1 : from.channels,
      depthwise ? 1 : 0,
      node.dilation[1] * from.channels,
      node.dilation[0] * row,
      node.strides[1] * from.channels,
      node.strides[0] * row,
      height,
      width,
    ];
    return this.#struct('bs_window', part, numbers(fields));
  }

  /** @param shape of the sums */
  #finish(step: ConvStep | ConvLevelsStep, shape: readonly number[]): string {
    const { to } = step;
    const [height, width] = mapShape(shape);
    const pool = step.pool ? this.#pool(step.pool, { height, width }) : 'NULL';
    const thresholds = step.threshold ? this.#thresholds(step.threshold) : 'NULL';
    const out = numbers([to.height, to.width, to.channels, rowStep(to)]).join(', ');
    return this.#struct('bs_finish', 'finish', [pool, thresholds, `{${out}}`]);
  }

  #weights({ node, encoding }: Pick<ConvStep | DenseStep, 'node' | 'encoding'>, level?: string): string {
    const { filters, taps } = node.weights;
    const table = level === undefined ? this.#table : `${this.#table}_${level}`;
    const part = level === undefined ? 'weights' : `${level}_weights`;
    if (encoding === 'bytes') {
      return this.#struct('bs_bytes', part, [...numbers([filters, taps]), `${table}_codes`]);
    }
    return this.#struct('bs_planes', part, [
      ...numbers([filters, taps, wordsOf(taps)]),
      encoding === 'binary' ? 'NULL' : `${table}_nonzero`,
      `${table}_negative`,
    ]);
  }

  #start(step: ConvStep | DenseStep): string {
    return step.start ? `${this.#table}_start` : 'NULL';
  }

  #pool(node: PoolNode, from: Pick<Place, 'height' | 'width'>): string {
    const [outHeight, outWidth] = mapShape(node.shape);
    const { kernel, strides, padding } = node;
    const fields = [
      from.height,
      from.width,
      ...kernel,
      ...strides,
      padding.top,
      padding.left,
      outHeight,
      outWidth,
    ];
    return this.#struct('bs_pool', 'pool', numbers(fields));
  }

  #thresholds(node: ThresholdNode): string {
    const table = this.#table;
    const falling = node.direction.some((sign) => sign < 0);
    return this.#struct('bs_thresholds', 'thresholds', [
      ...numbers([node.direction.length, node.steps]),
      `${table}_thresholds`,
      falling ? `${table}_direction` : 'NULL',
      `${table}_steps`,
    ]);
  }
}

function numbers(values: readonly number[]): string[] {
  return values.map((value) => `${value}U`);
}
