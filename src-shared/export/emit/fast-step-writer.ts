import { mapShape, type ConvNode } from '../ir/graph.ts';
import { counterOf, isWalked } from '../plan/counter.ts';
import { wordsOf } from '../plan/encoding.ts';
import { wordsOfPlane } from '../plan/layout.ts';
import { laneWordsPerTap } from '../plan/packing/lanes.ts';
import { packingOf } from '../plan/packing/registry.ts';
import type {
  ChosenPacking,
  Place,
  SlicedConvStep,
  SlicedDenseStep,
  SlicedPlace,
  SlicedThresholds,
  Step,
  TotalsStep,
} from '../plan/types.ts';
import { rowStep } from './addresses.ts';
import { isReady } from './weights.ts';
import { numbers, type StepText } from './step-text.ts';

/** Writes down the kernel calls of a step of the bit-plane and SWAR kernels. */
export function writeFast(text: StepText, step: Step): void {
  const { address } = text;
  switch (step.kind) {
    case 'pack':
    case 'unpack': {
      text.clear(step.to);
      const maps = [step.from, step.to].map((place, index) =>
        anyMap(text, index === 0 ? 'in' : 'out', place),
      );
      text.call(step.kernel, [...maps, address.inner(step.from), address.inner(step.to)]);
      break;
    }
    case 'flatten-sliced':
      text.call(step.kernel, [
        anyMap(text, 'in', step.from),
        address.inner(step.from),
        address.inner(step.to),
      ]);
      break;
    case 'conv2d-sliced':
      writeSlicedConv(text, step);
      break;
    case 'conv2d-totals':
      writeTotals(text, step);
      break;
    case 'pool-sliced': {
      const from = anyMap(text, 'in', step.from);
      const maps =
        step.node.kind === 'max-pool'
          ? [text.pool(step.node, step.from), from, anyMap(text, 'out', step.to)]
          : [from];
      text.call(step.kernel, [...maps, address.inner(step.from), address.inner(step.to)]);
      break;
    }
    case 'join':
      text.call(step.kernel, [
        anyMap(text, 'a', step.from[0]),
        anyMap(text, 'b', step.from[1]),
        anyMap(text, 'out', step.to),
        `${text.table}_tables`,
        address.inner(step.from[0]),
        address.inner(step.from[1]),
        address.inner(step.to),
      ]);
      break;
    case 'dense-sliced':
      writeDense(text, step);
      break;
    default:
      throw new Error(`no writer for a step of kind ${step.kind}`);
  }
}

/** The description of a map, in the form in which it lies. */
function anyMap(text: StepText, part: string, place: Place): string {
  return place.sliced
    ? text.struct('bs_sliced_map', part, slicedFields(place as SlicedPlace))
    : text.map(part, place);
}

function slicedFields(place: SlicedPlace): string[] {
  const { height, width, channels, sliced } = place;
  return [...numbers([height, width, channels, wordsOfPlane(place), sliced.planes]), String(sliced.low)];
}

/** @param walks whether the kernel can read a packing where it lies */
function packed(text: StepText, part: string, { weights, packing }: ChosenPacking, walks = false): string {
  const { decoder, pack } = packingOf(packing);
  const { data, signs } = pack(weights);
  const table = part === 'weights' ? text.table : `${text.table}_${part.replace(/_weights$/, '')}`;
  return text.struct('bs_packed', part, [
    ...numbers([weights.filters, weights.taps]),
    walks && isWalked(packing) ? 'NULL' : decoder,
    data.length > 0 ? `${table}_data` : 'NULL',
    signs && signs.length > 0 ? `${table}_signs` : 'NULL',
  ]);
}

/** Weights of which the kernel needs the numbers alone. */
function listedInFlash(text: StepText, part: string, { weights }: ChosenPacking): string {
  return text.struct('bs_packed', part, [
    ...numbers([weights.filters, weights.taps]),
    'NULL',
    'NULL',
    'NULL',
  ]);
}

function slicedWindow(node: ConvNode, from: SlicedPlace): string {
  const { kernel, strides, dilation, padding, shape, outside = 0 } = node;
  const [height, width] = mapShape(shape);
  const rest = numbers([...kernel, ...strides, ...dilation, padding.top, padding.left, height, width]);
  return `{${slicedFields(from).join(', ')}}, ${rest.join(', ')}, ${outside}`;
}

function thresholds(text: StepText, { variants, low }: SlicedThresholds): string {
  return text.struct('bs_sliced_thresholds', 'thresholds', [
    `${variants}U`,
    `${text.table}_high`,
    low ? `${text.table}_low` : 'NULL',
  ]);
}

function writeSlicedConv(text: StepText, step: SlicedConvStep): void {
  const { address } = text;
  text.call(step.kernel, [
    text.struct('bs_sliced_window', 'window', [slicedWindow(step.node, step.from)]),
    packed(text, 'weights', step.packed, true),
    counterOf(step.node, step.from, step.packed.packing, step.kernel),
    thresholds(text, step.thresholds),
    anyMap(text, 'out', step.to),
    `${step.tiles}U`,
    step.skip ? anyMap(text, 'skip', step.skip) : 'NULL',
    address.inner(step.from),
    step.skip ? address.inner(step.skip) : 'NULL',
    address.inner(step.to),
    address.buffer(step.tile, 'uint32_t'),
    address.buffer(step.list, 'uint16_t'),
  ]);
}

function writeTotals(text: StepText, step: TotalsStep): void {
  const { address, symbol } = text;
  const { windows, levels, to, scratch } = step;
  const { sliced } = scratch.kind === 'sliced' ? { sliced: true } : { sliced: false };
  const multipliers = (index: number) =>
    levels[index]?.multipliers ? `${text.table}_level${index}_multipliers` : 'NULL';
  const rows = levels.map((level, index) => {
    const weights = isReady(step)
      ? listedInFlash(text, `level${index}_weights`, level.packed)
      : packed(text, `level${index}_weights`, level.packed, sliced);
    const read = windows[level.window];
    const counter =
      sliced && read ? [counterOf(read.node, read.from as SlicedPlace, level.packed.packing)] : [];
    return `    {${[...(sliced ? [`${level.window}U`] : []), weights, ...counter, multipliers(index)].join(', ')}}`;
  });
  const type = sliced ? 'bs_sliced_level' : 'bs_swar_level';
  text.structs.push(`static const ${type} ${symbol}_levels[${levels.length}] = {\n${rows.join(',\n')}};`);
  const out = text.struct(sliced ? 'bs_sliced_totals' : 'bs_swar_output', 'totals', [
    to.sliced ? anyMap(text, 'out', to) : 'NULL',
    to.sliced ? 'NULL' : text.map('out', to),
    step.threshold ? text.thresholds(step.threshold) : 'NULL',
  ]);
  const bias = step.bias ? `${text.table}_bias` : 'NULL';
  text.clear(to);
  if (scratch.kind === 'swar') {
    const [read] = windows;
    if (!read) return;
    text.call(step.kernel, [
      text.struct('bs_swar_window', 'window', swarWindow(read.node, read.from)),
      `${symbol}_levels`,
      `${levels.length}U`,
      bias,
      out,
      ...(scratch.zero ? [`${text.table}_fill`] : []),
      text.struct('bs_swar_plan', 'plan', [
        `BS_SWAR_${scratch.tables.toUpperCase()}`,
        `${scratch.rows}U`,
        `${scratch.capacity}U`,
        scratch.ready ? `${text.table}_ready` : 'NULL',
      ]),
      address.inner(read.from),
      address.inner(to),
      address.buffer(scratch.ring, 'uint32_t'),
      ...(scratch.lists
        ? [address.buffer(scratch.lists.list, 'uint16_t'), address.buffer(scratch.lists.entries, 'uint16_t')]
        : ['NULL', 'NULL']),
    ]);
    return;
  }
  const descriptions = windows.map(({ node, from }) => `    {${slicedWindow(node, from as SlicedPlace)}}`);
  text.structs.push(
    `static const bs_sliced_window ${symbol}_windows[${windows.length}] = {\n${descriptions.join(',\n')}};`,
  );
  const inputs = windows.map(({ from }) => `        ${address.inner(from)}`);
  text.calls.push(
    '{',
    `    const uint32_t *const inputs[${windows.length}] = {`,
    `${inputs.join(',\n    ')}};`,
  );
  const before = text.calls.length;
  text.call(step.kernel, [
    `${symbol}_windows`,
    `${windows.length}U`,
    `${symbol}_levels`,
    `${levels.length}U`,
    bias,
    out,
    `${scratch.tiles}U`,
    'inputs',
    address.inner(to),
    address.buffer(scratch.tile, 'uint32_t'),
    address.buffer(scratch.list, 'uint16_t'),
  ]);
  for (let i = before; i < text.calls.length; i++) text.calls[i] = `    ${text.calls[i]}`;
  text.calls.push('}');
}

function swarWindow(node: ConvNode, from: Place): string[] {
  const { kernel, strides, dilation, padding, shape } = node;
  const [height, width] = mapShape(shape);
  return numbers([
    from.height,
    from.width,
    from.channels,
    rowStep(from),
    ...kernel,
    ...strides,
    ...dilation,
    padding.top,
    padding.left,
    height,
    width,
  ]);
}

function writeDense(text: StepText, step: SlicedDenseStep): void {
  const { address } = text;
  const { stored } = step;
  const { filters, taps } = stored.kind === 'packed' ? stored.packed.weights : stored.weights;
  const weights = () => {
    switch (stored.kind) {
      case 'planes':
        return text.struct('bs_planes', 'weights', [
          ...numbers([filters, taps, wordsOf(taps)]),
          stored.encoding === 'binary' ? 'NULL' : `${text.table}_nonzero`,
          `${text.table}_negative`,
        ]);
      case 'lanes':
        return text.struct('bs_lane_weights', 'weights', [
          ...numbers([filters, taps, laneWordsPerTap(stored.weights)]),
          `${text.table}_lanes`,
        ]);
      case 'packed':
        return packed(text, 'weights', stored.packed);
    }
  };
  text.call(step.kernel, [
    weights(),
    ...(step.thresholds ? [thresholds(text, step.thresholds)] : []),
    anyMap(text, 'in', step.from),
    ...(step.thresholds ? [anyMap(text, 'out', step.to)] : []),
    address.inner(step.from),
    address.inner(step.to),
    ...(stored.kind === 'planes' ? [] : [address.buffer(stored.list, 'uint16_t')]),
  ]);
}
