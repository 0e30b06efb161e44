import type { IntegerWeights } from '#shared/export/ir/graph.ts';
import { PACKINGS } from '#shared/export/plan/packing/registry.ts';
import {
  pairedWeights,
  quadWeights,
  swarReady,
  SWAR_TABLES,
  swarRingWords,
  swarSections,
  tripleWeights,
  type SwarTables,
} from '#shared/export/plan/packing/swar-tables.ts';
import type { PackingId } from '#shared/export/plan/packing/types.ts';

/** Packings that are decoded into lists; `steps` is walked in place by the sliced kernels alone. */
export const LISTED = PACKINGS.filter(({ id }) => id !== 'steps');

/** One call of a SWAR convolution: everything that the C program and the plain computation need. */
export interface SwarCase {
  kind: 'u8' | 's8' | 'depthwise';
  inHeight: number;
  inWidth: number;
  channels: number;
  /** Elements between the rows of the input, beyond the pixels. */
  rowGap: number;
  kernel: [number, number];
  strides: [number, number];
  dilation: [number, number];
  top: number;
  left: number;
  height: number;
  width: number;
  filters: number;
  tables: SwarTables;
  rows: number;
  /** Numbers of `entries` past those of the largest filter. */
  spare: number;
  /** Whether the sections are made before the call, as they may lie in flash. */
  ready: boolean;
  levels: { weights: IntegerWeights; packing: PackingId; multipliers: number[] | null }[];
  bias: number[] | null;
  out: 'binary' | 'ternary' | 'codes' | 'sums';
  /** Elements between the rows of an output of elements, beyond the pixels. */
  outGap: number;
  steps: number;
  /** [filters * steps], rising for each filter. */
  thresholds: number[];
  direction: number[] | null;
  codes: number[];
  /** Bytes, [inHeight, inWidth, channels]. */
  input: number[];
  zero: number[];
}

/** What the program reads for one case. */
export function streamOf(of: SwarCase): number[] {
  const rowStep = of.inWidth * of.channels + of.rowGap;
  const input = new Array<number>((of.inHeight - 1) * rowStep + of.inWidth * of.channels).fill(77);
  for (let y = 0; y < of.inHeight; y++) {
    const count = of.inWidth * of.channels;
    for (let i = 0; i < count; i++) input[y * rowStep + i] = of.input[y * count + i] ?? 0;
  }
  const kernelLevels = of.levels.map(({ weights }) => kernelWeights(of, weights));
  const sections = swarSections(kernelLevels, of.tables, of.channels);
  const window = {
    ...of,
    flat: isFlat(of),
  };
  const ready = of.ready ? swarReady(kernelLevels, of.tables, window, of.kind === 'depthwise') : [];
  const levels = of.levels.flatMap(({ packing, multipliers }, index) => {
    const weights = kernelLevels[index];
    const packer = LISTED.find(({ id }) => id === packing);
    if (!weights || !packer) throw new Error('a level has no packing');
    const { data, signs = new Uint8Array() } = packer.pack(weights);
    return [
      ...[LISTED.indexOf(packer), weights.taps, data.length, ...data, signs.length, ...signs],
      ...(multipliers ? [1, ...multipliers] : [0]),
    ];
  });
  return [
    ['u8', 's8', 'depthwise'].indexOf(of.kind),
    ...[of.inHeight, of.inWidth, of.channels, rowStep, ...of.kernel, ...of.strides, ...of.dilation],
    ...[of.top, of.left, of.height, of.width],
    ...[of.filters, of.levels.length, SWAR_TABLES.indexOf(of.tables), of.rows],
    Math.max(...sections) + of.spare,
    swarRingWords(window, of.tables, of.rows),
    Math.max(...kernelLevels.map(({ taps }) => taps)),
    ...levels,
    ...(of.bias ? [1, ...of.bias] : [0]),
    ...[['binary', 'ternary', 'codes', 'sums'].indexOf(of.out), of.outGap, of.steps],
    ...of.thresholds,
    ...(of.direction ? [1, ...of.direction] : [0]),
    ...of.codes,
    ...of.zero,
    ...[input.length, ...input],
    ...[ready.length, ...ready],
  ];
}

/** The weights as the kernel's tables want them. */
export function kernelWeights(of: SwarCase, weights: IntegerWeights): IntegerWeights {
  if (of.tables === 'paired') return pairedWeights(weights, of.channels);
  if (of.tables === 'triples') return tripleWeights(weights, of.channels);
  return of.tables === 'quads' ? quadWeights(weights, of.channels) : weights;
}

export function isFlat(of: SwarCase): boolean {
  const ones = [...of.kernel, ...of.strides].every((value) => value === 1);
  const whole = of.height === of.inHeight && of.width === of.inWidth && of.top === 0 && of.left === 0;
  return ones && whole && of.rowGap === 0 && (of.out === 'binary' || of.out === 'ternary' || of.outGap === 0);
}

/** The same integers by the definition: what the program writes after its status. */
export function expectedOf(of: SwarCase): number[] {
  const total = (y: number, x: number, filter: number) =>
    of.levels.reduce(
      (sum, { weights, multipliers }) =>
        sum + (multipliers?.[filter] ?? 1) * levelSum(of, weights, y, x, filter),
      of.bias?.[filter] ?? 0,
    );
  const passed = (value: number, filter: number) => {
    const directed = (of.direction?.[filter] ?? 1) < 0 ? -value : value;
    return of.thresholds.slice(filter * of.steps, (filter + 1) * of.steps).filter((t) => directed >= t)
      .length;
  };
  if (of.out === 'codes' || of.out === 'sums') {
    const step = of.width * of.filters + of.outGap;
    const rows = new Array<number>(of.height * step).fill(of.out === 'codes' ? -91 : 0xa5a5a5a5 | 0);
    for (let y = 0; y < of.height; y++) {
      for (let x = 0; x < of.width; x++) {
        for (let filter = 0; filter < of.filters; filter++) {
          const value = total(y, x, filter);
          rows[y * step + x * of.filters + filter] =
            of.out === 'sums' ? value : (of.codes[passed(value, filter)] ?? NaN);
        }
      }
    }
    return rows;
  }
  const words = Math.ceil((of.height * of.width) / 32);
  const planes = of.out === 'ternary' ? 2 : 1;
  const map = new Int32Array(of.filters * planes * words);
  for (let filter = 0; filter < of.filters; filter++) {
    for (let pixel = 0; pixel < of.height * of.width; pixel++) {
      const value = total(Math.floor(pixel / of.width), pixel % of.width, filter);
      const code = of.codes[passed(value, filter)];
      const plane = code === 1 ? 0 : code === -1 && planes === 2 ? 1 : undefined;
      if (plane === undefined) continue;
      const at = (filter * planes + plane) * words + (pixel >> 5);
      map[at] = (map[at] ?? 0) | (1 << (pixel & 31));
    }
  }
  return [...map];
}

function levelSum(of: SwarCase, weights: IntegerWeights, y: number, x: number, filter: number): number {
  const depthwise = of.kind === 'depthwise';
  const seen = depthwise ? 1 : of.channels;
  let sum = 0;
  for (let tap = 0; tap < weights.taps; tap++) {
    const place = Math.floor(tap / seen);
    const row = y * of.strides[0] + Math.floor(place / of.kernel[1]) * of.dilation[0] - of.top;
    const column = x * of.strides[1] + (place % of.kernel[1]) * of.dilation[1] - of.left;
    if (row < 0 || column < 0 || row >= of.inHeight || column >= of.inWidth) continue;
    const channel = depthwise ? filter : tap % seen;
    const value = of.input[(row * of.inWidth + column) * of.channels + channel] ?? NaN;
    const zero = of.kind === 'u8' ? (of.zero[channel] ?? NaN) : 0;
    sum += (weights.codes[filter * weights.taps + tap] ?? NaN) * (value - zero);
  }
  return sum;
}

/** Body of the C program (see kernel-program.ts). `MEASURE` writes ticks instead of outputs. */
export const SWAR_PROGRAM = `
static void run_case(int32_t kind)
{
    static const bs_decoder decoders[] = {${LISTED.map(({ decoder }) => decoder).join(', ')}};
    bs_swar_window window;
    bs_swar_plan plan;
    bs_swar_output out;
    bs_swar_level levels[9];
    bs_packed packed[9];
    bs_thresholds thresholds;
    bs_sliced_map planes;
    bs_map map;
    uint32_t fields[15];
    uint32_t i, filters, level_count, ring_words, list_numbers, out_kind, gap;
    const int32_t *bias = NULL;
    const uint8_t *zero;
    const uint8_t *input;
    uint8_t *input_copy;
    uint32_t *ring;
    uint16_t *list;
    uint16_t *entries;
    void *output;
    size_t elements;
    bs_status status;
    uint32_t ready;
    for (i = 0; i < 14U; i++) {
        fields[i] = (uint32_t)next();
    }
    window.in_height = fields[0];
    window.in_width = fields[1];
    window.channels = fields[2];
    window.row_step = fields[3];
    window.kernel_height = fields[4];
    window.kernel_width = fields[5];
    window.stride_height = fields[6];
    window.stride_width = fields[7];
    window.dilation_height = fields[8];
    window.dilation_width = fields[9];
    window.top = fields[10];
    window.left = fields[11];
    window.height = fields[12];
    window.width = fields[13];
    filters = (uint32_t)next();
    level_count = (uint32_t)next();
    plan.tables = (bs_swar_tables)next();
    plan.rows = (uint32_t)next();
    plan.entries = (uint32_t)next();
    plan.ready = NULL;
    ring_words = (uint32_t)next();
    list_numbers = (uint32_t)next();
    for (i = 0; i < level_count; i++) {
        size_t count;
        packed[i].filters = filters;
        packed[i].decode = decoders[next()];
        packed[i].taps = (uint32_t)next();
        count = (size_t)next();
        packed[i].data = bytes_in(count);
        count = (size_t)next();
        packed[i].signs = bytes_in(count);
        levels[i].weights = &packed[i];
        levels[i].multipliers = (next() != 0) ? ints_in(filters) : NULL;
    }
    if (next() != 0) {
        bias = ints_in(filters);
    }
    out_kind = (uint32_t)next();
    gap = (uint32_t)next();
    thresholds.channels = filters;
    thresholds.steps = (uint32_t)next();
    thresholds.values = ints_in((size_t)filters * thresholds.steps);
    thresholds.direction = (next() != 0) ? (const int8_t *)bytes_in(filters) : NULL;
    thresholds.codes = (const int8_t *)bytes_in(thresholds.steps + 1U);
    zero = bytes_in(window.channels);
    i = (uint32_t)next();
    input_copy = bytes_in(i);
    input = input_copy;
    out.sliced = NULL;
    out.map = NULL;
    out.thresholds = (out_kind == 3U) ? NULL : &thresholds;
    if (out_kind < 2U) {
        planes.height = window.height;
        planes.width = window.width;
        planes.channels = filters;
        planes.words = (window.height * window.width + 31U) / 32U;
        planes.planes = out_kind + 1U;
        planes.low = thresholds.codes[0];
        if (out_kind == 1U) {
            planes.low = 0;
        }
        out.sliced = &planes;
        elements = (size_t)filters * planes.planes * planes.words;
    } else {
        map.height = window.height;
        map.width = window.width;
        map.channels = filters;
        map.row_step = window.width * filters + gap;
        out.map = &map;
        elements = (size_t)map.height * map.row_step;
    }
    ready = (uint32_t)next();
    output = take(elements * ((out_kind == 2U) ? 1U : 4U));
    ring = (uint32_t *)take((size_t)ring_words * 4U);
    list = (uint16_t *)take((size_t)list_numbers * 2U);
    entries = (uint16_t *)take((size_t)plan.entries * 2U);
    if (ready != 0U) {
        uint16_t *sections = (uint16_t *)halves_in(ready);
        plan.ready = sections;
        plan.entries = 0;
        list = NULL;
        entries = NULL;
    }
#ifdef MEASURE
    begin();
#endif
    if (kind == 0) {
        status = bs_conv2d_swar_u8(&window, levels, level_count, bias, &out, zero, &plan, input, output, ring, list,
                                   entries);
    } else if (kind == 1) {
        status = bs_conv2d_swar_s8(&window, levels, level_count, bias, &out, &plan, (const int8_t *)input, output, ring,
                                   list, entries);
    } else {
        status = bs_depthwise_swar_s8(&window, levels, level_count, bias, &out, &plan, (const int8_t *)input, output,
                                      ring, list, entries);
    }
#ifdef MEASURE
    put_ticks();
#endif
    put((int32_t)status);
    for (i = 0; i < elements; i++) {
        put((out_kind == 2U) ? ((const int8_t *)output)[i] : ((const int32_t *)output)[i]);
    }
}
`;
