import type { OnnxNode } from '../onnx.ts';
import { integersOf, numberOf, textOf } from './attributes.ts';
import { rounded, type Operator } from './operator.ts';
import type { LayerValue, Reader } from './reader.ts';
import { short, windowOf } from './windows.ts';

export const pool =
  (kind: 'max-pool' | 'average-pool'): Operator =>
  (reader, node) => {
    const input = reader.settled(node);
    if (input.channelsLast || input.pixels) reader.plain(node);
    const { padding, kernel, strides, dilations, filling } = windowOf(
      reader,
      node,
      input,
      integersOf(node, 'kernel_shape') ?? [],
      'valid',
    );
    if (Math.max(...dilations) > 1)
      reader.refuse(node, 'has a dilated window, which poolings do not have here');
    if (input.border && (kind === 'max-pool' || filling !== 0))
      reader.refuse(node, 'reads padded values, which only a convolution takes in');
    const counts = numberOf(node, 'count_include_pad', 0) !== 0 || input.border !== undefined;
    if (counts && numberOf(node, 'ceil_mode', 0))
      reader.refuse(node, 'counts its padding and rounds its size up, which is not read');
    const same = kernel.join() === strides.join();
    const fields = {
      size: short(kernel),
      ...(same ? {} : { strides: short(strides) }),
      padding,
      ...(kind === 'average-pool' && counts ? { countPadding: true } : {}),
    };
    return reader.add(node, kind, fields, [input]);
  };

/** The mean of whole maps. It is a vector to all that follow; its two axes of one element are not kept. */
export const globalAverage: Operator = (reader, node) =>
  reader.add(node, 'global-average-pool', {}, [reader.plain(node)]);

export const reduceMean: Operator = (reader, node) => {
  const axes = integersOf(node, 'axes') ?? (node.inputs.length > 1 ? reader.numbers(node, 1, 'axes') : []);
  const map = axes.map((axis) => (axis < 0 ? axis + 4 : axis)).toSorted((a, b) => a - b);
  if (map.join() !== '2,3')
    reader.refuse(node, `takes the mean over the axes ${axes.join(', ')}; only 2, 3 is read`);
  return globalAverage(reader, node);
};

export const dropout: Operator = (reader, node) => {
  const input = reader.settled(node);
  const rate =
    reader.opset >= 12 && reader.optional(node, 1) ? reader.numbers(node, 1, 'a rate')[0] : undefined;
  return {
    ...input,
    ...reader.add(node, 'dropout', { rate: rounded(rate ?? numberOf(node, 'ratio', 0.5)) }, [input]),
  };
};

export const pad: Operator = (reader, node) => {
  const input = reader.settled(node);
  if (textOf(node, 'mode', 'constant') !== 'constant') reader.refuse(node, 'must pad with a constant');
  const sides = integersOf(node, 'pads') ?? reader.numbers(node, 1, 'its sides');
  const given =
    reader.opset >= 11 && reader.optional(node, 2) ? reader.numbers(node, 2, 'its value')[0] : undefined;
  const value = given ?? numberOf(node, 'value', 0);
  const [n0 = 0, before = 0, top = 0, left = 0, n1 = 0, after = 0, bottom = 0, right = 0] = sides;
  if (sides.length !== 8 || n0 + n1 > 0 || input.channelsLast)
    reader.refuse(node, 'pads something else than a map');
  if (before + after === 0) {
    if (input.pixels) reader.plain(node);
    return { ...input, border: { pads: [top, left, bottom, right], value } };
  }
  if (top + left + bottom + right > 0 || value !== 0)
    reader.refuse(node, 'pads channels with something else than zeros');
  const around = before === Math.floor((before + after) / 2) && before > 0;
  if (!around && before > 0)
    reader.refuse(node, 'puts zero channels neither behind the others nor around them');
  return shortcut(reader, node, input, before + after, around);
};

function shortcut(
  reader: Reader,
  node: OnnxNode,
  input: LayerValue,
  more: number,
  around: boolean,
): LayerValue {
  const { pixels, ...source } = input;
  const fields = {
    filters: (input.shape[2] ?? 0) + more,
    strides: short([pixels?.[0] ?? 1, pixels?.[1] ?? 1]),
    ...(around ? { zeros: 'around' } : {}),
  };
  return reader.add(node, 'shortcut-a', fields, [source]);
}

/** Every stride-th pixel from the first on; the shortcut that it is part of follows. */
export const slice: Operator = (reader, node) => {
  const input = reader.plain(node);
  const list = (name: string, index: number, fallback: number[]) =>
    integersOf(node, name) ??
    (reader.optional(node, index) ? reader.numbers(node, index, `its ${name}`) : fallback);
  const starts = list('starts', 1, []);
  const ends = list('ends', 2, []);
  const axes = list(
    'axes',
    3,
    starts.map((_, axis) => axis),
  );
  const steps = list(
    'steps',
    4,
    starts.map(() => 1),
  );
  const [height = 1, width = 1] = input.shape;
  const whole = ends.every((end, i) => end >= (axes[i] === 2 ? height : width));
  const map =
    axes.join() === '2,3' && starts.every((start) => start === 0) && whole && input.shape.length === 3;
  if (!map) reader.refuse(node, 'takes something else than every so-manyeth pixel of a map');
  const pixels: [number, number] = [steps[0] ?? 1, steps[1] ?? 1];
  const [next] = reader.readersOf(node);
  return next?.type === 'Pad' ? { ...input, pixels } : shortcut(reader, node, { ...input, pixels }, 0, false);
};
