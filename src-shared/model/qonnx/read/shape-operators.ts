import type { OnnxNode } from '../onnx.ts';
import { integersOf, numberOf } from './attributes.ts';
import type { Operator } from './operator.ts';
import type { LayerValue, Reader } from './reader.ts';

export const flatten: Operator = (reader, node) => {
  if (numberOf(node, 'axis', 1) !== 1) reader.refuse(node, 'must keep the axis of the samples (axis 1)');
  return flat(reader, node);
};

export const reshape: Operator = (reader, node) => {
  const input = reader.settled(node);
  const size = input.shape.reduce((product, length) => product * length, 1);
  const [first = 0, second = 0, ...more] = reader.numbers(node, 1, 'a shape');
  const vectors = more.length === 0 && [0, 1, -1].includes(first) && [-1, size].includes(second);
  if (!vectors) reader.refuse(node, 'does something else than flattening the value of a sample');
  return flat(reader, node);
};

/** [1, channels, 1, 1] as [1, channels]. */
export const squeeze: Operator = (reader, node) => flat(reader, node);

function flat(reader: Reader, node: OnnxNode): LayerValue {
  const input = reader.settled(node);
  if (input.shape.length === 1) return input;
  if (input.border || input.pixels) reader.plain(node);
  const [height = 1, width = 1, channels = 1] = input.shape;
  if (!input.channelsLast && height * width > 1 && channels > 1) reader.drop('order', node);
  return reader.add(node, 'flatten', {}, [input]);
}

export const transpose: Operator = (reader, node) => {
  const input = reader.settled(node);
  const perm = integersOf(node, 'perm')?.join();
  const wanted = input.channelsLast ? '0,3,1,2' : '0,2,3,1';
  if (input.shape.length !== 3 || perm !== wanted)
    reader.refuse(node, 'does something else than moving the channels behind the map, or back');
  return { ...input, channelsLast: !input.channelsLast, node };
};

export const end: Operator = (reader, node) => {
  const input = reader.settled(node);
  reader.drop('end', node);
  return { ...input, ends: node.name === '' ? node.type : `"${node.name}" (${node.type})` };
};

export const same: Operator = (reader, node) => reader.input(node);
