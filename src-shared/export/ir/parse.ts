import { encodeCodes } from './codes-text.ts';
import type { IntegerGraph, IntegerNode } from './graph.ts';
import { graphFromJson } from './json.ts';
import { TextReader } from './text-reader.ts';
import type { NodeJson } from './schema.ts';

/**
 * Reads a graph from the text that `printGraph` writes with `full`, and checks that it is sound. Spaces and line ends are
 * free. `parseGraphText(printGraph(g, { full: true }))` is g.
 *
 * @param what names the text in errors
 * @throws BitsmithError `invalid-input` with line and column, or naming the field; `corrupt` naming the node
 */
export function parseGraphText(text: string, what = 'the text of the graph'): IntegerGraph {
  const reader = new TextReader(text, what);
  const name = reader.name();
  reader.expect(':', 'input', 'u8');
  const shape = reader.list();
  reader.expect('zero');
  const input = { shape, zero: reader.list() };
  const nodes: NodeJson[] = [];
  for (;;) {
    const id = reader.name();
    if (id === 'output' && !reader.sees(':')) break;
    nodes.push(nodeFrom(reader, id));
  }
  const output = reader.name();
  const classes = reader.integer();
  reader.expect('classes');
  if (!reader.atEnd()) reader.expected('the end');
  return graphFromJson({ version: 1, name, input, nodes, output, classes }, what);
}

const KINDS = [
  'conv2d',
  'depthwise-conv2d',
  'dense',
  'max-pool',
  'sum-pool',
  'add',
  'threshold',
  'combine',
  'lookup',
  'flatten',
  'affine',
] as const satisfies readonly IntegerNode['kind'][];

function nodeFrom(reader: TextReader, id: string): NodeJson {
  reader.expect(':');
  const type = reader.oneOf(['u8', 'i8', 'i32']);
  const shape = reader.list();
  reader.expect('in', '[');
  const low = reader.integer();
  reader.expect(',');
  const high = reader.integer();
  reader.expect(']', '=');
  const kind = reader.oneOf(KINDS);
  reader.expect('(');
  const inputs = reader.separated(() => reader.name());
  reader.expect(')');
  const base = { id, inputs, shape, type, range: { low, high } };
  switch (kind) {
    case 'conv2d':
    case 'depthwise-conv2d': {
      const window = readWindow(reader);
      const outside = reader.takesWord('outside') ? { outside: minusOne(reader) } : {};
      reader.expect('dilated');
      return {
        kind,
        ...base,
        ...window,
        ...outside,
        dilation: readPair(reader),
        weights: readWeights(reader),
      };
    }
    case 'dense':
      return { kind, ...base, weights: readWeights(reader) };
    case 'max-pool':
    case 'sum-pool':
      return { kind, ...base, ...readWindow(reader) };
    case 'threshold':
      return { kind, ...base, ...readThresholds(reader) };
    case 'combine':
      return { kind, ...base, ...readSum(reader) };
    case 'lookup': {
      reader.expect('from');
      const first = reader.integer();
      reader.expect('->');
      return { kind, ...base, low: first, codes: reader.list() };
    }
    case 'affine': {
      const sum = readSum(reader);
      reader.expect('exponent');
      return { kind, ...base, ...sum, exponent: reader.integer() };
    }
    case 'add':
    case 'flatten':
      return { kind, ...base };
  }
}

export function readPair(reader: TextReader, between = ','): [number, number] {
  const first = reader.integer();
  reader.expect(between);
  return [first, reader.integer()];
}

/** `3x3 /1,1 pad 0,0,0,0` */
export function readWindow(reader: TextReader) {
  const kernel = readPair(reader, 'x');
  reader.expect('/');
  const strides = readPair(reader);
  reader.expect('pad');
  const [top, left] = readPair(reader);
  reader.expect(',');
  const [bottom, right] = readPair(reader);
  return { kernel, strides, padding: { top, left, bottom, right } };
}

function minusOne(reader: TextReader): -1 {
  reader.expect('-1');
  return -1;
}

function readWeights(reader: TextReader) {
  const filters = reader.integer();
  reader.expect('filters', 'of');
  const codes = reader.codes(filters);
  return { filters, taps: codes.length / filters, codes: encodeCodes(codes) };
}

/** `x>=[1,2] -x>=[3,4] -> [-1,0,1]` */
function readThresholds(reader: TextReader) {
  const direction: (1 | -1)[] = [];
  const values: number[] = [];
  while (!reader.takes('->')) {
    const falls = reader.takes('-');
    reader.expect('x>=');
    direction.push(falls ? -1 : 1);
    values.push(...reader.list());
  }
  const codes = reader.list();
  return { steps: codes.length - 1, values, direction, codes };
}

/** `* [1,2] [3,4] + [5,6]` */
function readSum(reader: TextReader) {
  reader.expect('*');
  const multipliers: number[][] = [];
  while (!reader.takes('+')) multipliers.push(reader.list());
  return { multipliers, bias: reader.list() };
}
