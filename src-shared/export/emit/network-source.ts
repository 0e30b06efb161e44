import { mapShape, type Border, type PoolNode, type ThresholdNode } from '../ir/graph.ts';
import { wordsOf } from '../plan/encoding.ts';
import { ELEMENT_BYTES } from '../plan/plan.ts';
import type { ConvStep, DenseStep, Place, Step } from '../plan/types.ts';
import { banner } from './c-text.ts';
import type { BundleFile, Emission } from './types.ts';

const C_TYPE = { u8: 'uint8_t', i8: 'int8_t', i32: 'int32_t' } as const;

/** `src/<net>.c`: constant layer descriptions and one straight sequence of kernel calls. */
export function networkSource(emission: Emission): BundleFile {
  const { name, upper, plan } = emission;
  const structs: string[] = [];
  const body: string[] = [];
  plan.steps.forEach((step, index) => {
    const symbol = emission.symbols[index] ?? '';
    const code = new StepWriter(emission, symbol).write(step);
    structs.push(...code.structs);
    body.push(`    /* ${symbol} */`, ...code.calls.map((line) => `    ${line}`));
    const layer = plan.layers.findIndex((candidate) => candidate.step === index);
    const observed = layer >= 0 ? observeCall(emission, layer, step) : undefined;
    if (observed) body.push(`    ${observed}`);
  });
  const parameters = 'const uint8_t *input, int32_t *logits, void *arena, size_t arena_bytes';
  const content =
    banner(`The network ${name}.`, ['One straight sequence of kernel calls; all state is in the arena.']) +
    `#include "${name}.h"\n\n#include <string.h>\n\n#include "${name}_weights.h"\n\n` +
    structs.map((line) => `${line}\n`).join('') +
    `
#ifdef ${upper}_OBSERVE
#define OBSERVE(layer, h, w, c, row, size, address) \\
    do { \\
        if (observe != NULL) { \\
            bs_value value; \\
            value.map.height = (h); \\
            value.map.width = (w); \\
            value.map.channels = (c); \\
            value.map.row_step = (row); \\
            value.element_bytes = (size); \\
            value.values = (address); \\
            observe(user, (layer), &value); \\
        } \\
    } while (0)

bs_status ${name}_run_observed(${parameters},
    ${name}_observer observe, void *user)
#else
#define OBSERVE(layer, h, w, c, row, size, address) ((void)0)

bs_status ${name}_run(${parameters})
#endif
{
    uint8_t *const bytes = (uint8_t *)arena;
    bs_status result;
    if (input == NULL || logits == NULL || arena == NULL) {
        return BS_ERROR_ARGUMENT;
    }
    if (arena_bytes < ${upper}_ARENA_BYTES) {
        return BS_ERROR_ARENA_SIZE;
    }
    if ((uintptr_t)arena % ${upper}_ARENA_ALIGN != 0U) {
        return BS_ERROR_ARENA_ALIGNMENT;
    }
${body.join('\n')}
    return BS_OK;
}

#ifdef ${upper}_OBSERVE
bs_status ${name}_run(${parameters})
{
    return ${name}_run_observed(input, logits, arena, arena_bytes, NULL, NULL);
}
#endif

uint32_t ${name}_argmax(const int32_t *logits)
{
    uint32_t best = 0;
    uint32_t i;
    for (i = 1; i < ${upper}_CLASSES; i++) {
        if (logits[i] > logits[best]) {
            best = i;
        }
    }
    return best;
}
`;
  return { path: `src/${name}.c`, content };
}

function observeCall(emission: Emission, layer: number, step: Step): string {
  const address = new Addresses(emission);
  if (step.kind === 'affine') {
    const classes = emission.graph.classes;
    return `OBSERVE(${layer}U, 1U, 1U, ${classes}U, ${classes}U, 4U, logits);`;
  }
  const { to } = step;
  const sizes = [to.height, to.width, to.channels, rowStep(to), ELEMENT_BYTES[to.type]].map(
    (value) => `${value}U`,
  );
  return `OBSERVE(${layer}U, ${sizes.join(', ')}, ${address.inner(to)});`;
}

/** Elements between rows of a place. */
function rowStep(place: Place): number {
  return (place.width + place.border.left + place.border.right) * place.channels;
}

/** C expressions for addresses in the arena. */
class Addresses {
  readonly #offsets: Map<string, number>;

  constructor(emission: Emission) {
    this.#offsets = new Map(emission.plan.buffers.map((buffer) => [buffer.id, buffer.offset]));
  }

  /** Start of a buffer as a pointer to elements. */
  buffer(id: string, type: string): string {
    const offset = this.#offsets.get(id) ?? 0;
    return type === 'uint8_t' ? `(bytes + ${offset}U)` : `(${type} *)(void *)(bytes + ${offset}U)`;
  }

  /** First byte of a place, its border included. */
  whole(place: Place): string {
    return this.buffer(place.buffer, 'uint8_t');
  }

  /** First element inside the border, less a padding of its own. */
  inner(place: Place, padding: Border = { top: 0, left: 0, bottom: 0, right: 0 }): string {
    const rows = place.border.top - padding.top;
    const columns = place.border.left - padding.left;
    const elements = rows * rowStep(place) + columns * place.channels;
    const base = place.buffer === 'input' ? 'input' : this.buffer(place.buffer, C_TYPE[place.type]);
    return elements === 0 ? base : `${base} + ${elements}U`;
  }
}

interface StepCode {
  structs: string[];
  calls: string[];
}

class StepWriter {
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
    const { node, from, to } = step;
    const depthwise = node.kind === 'depthwise-conv2d';
    const row = rowStep(from);
    const [height, width] = mapShape(node.shape);
    const window = this.#struct(
      'bs_window',
      'window',
      numbers([
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
      ]),
    );
    const pool = step.pool ? this.#pool(step.pool, { ...from, height, width }) : 'NULL';
    const thresholds = step.threshold ? this.#thresholds(step.threshold) : 'NULL';
    const out = numbers([to.height, to.width, to.channels, rowStep(to)]).join(', ');
    const finish = this.#struct('bs_finish', 'finish', [pool, thresholds, `{${out}}`]);
    this.#clear(to);
    this.#call(step.kernel, [
      window,
      this.#weights(step),
      this.#start(step),
      finish,
      this.#address.inner(from, node.padding),
      this.#address.inner(to),
      this.#address.buffer(step.plane, 'int32_t'),
      ...(step.list === undefined ? [] : [this.#address.buffer(step.list, 'uint16_t')]),
    ]);
  }

  #weights({ node, encoding }: ConvStep | DenseStep): string {
    const { filters, taps } = node.weights;
    const table = this.#table;
    if (encoding === 'bytes') {
      return this.#struct('bs_bytes', 'weights', [...numbers([filters, taps]), `${table}_codes`]);
    }
    return this.#struct('bs_planes', 'weights', [
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
