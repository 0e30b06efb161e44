import type { DeployedWeights, Staircase } from '../../quant/types.ts';
import { filterMajor } from '../passes/weights.ts';
import type { TrainedGraph, TrainedNode } from '../trained-graph.ts';
import { readPair, readWindow } from './parse.ts';
import { filtersOf } from './print-trained.ts';
import { TextReader } from './text-reader.ts';

/**
 * Reads a trained graph from the text that `printTrained` writes; `parseTrainedText(printTrained(g))` is g. Whether it
 * hangs together, `lower` says.
 *
 * @param what names the text in errors
 * @throws BitsmithError `invalid-input` with line and column
 */
export function parseTrainedText(text: string, what = 'the text of the trained network'): TrainedGraph {
  const reader = new TextReader(text, what);
  const name = reader.name();
  reader.expect(':', 'input', 'u8');
  const shape = reader.list();
  reader.expect('zero');
  const zero = reader.list();
  reader.expect('scale');
  const input = { shape, zero, scale: reader.real() };
  const nodes: TrainedNode[] = [];
  for (;;) {
    const id = reader.name();
    if (id === 'output' && !reader.sees(':')) break;
    nodes.push(nodeFrom(reader, id));
  }
  const output = reader.name();
  const classes = reader.integer();
  reader.expect('classes');
  if (!reader.atEnd()) reader.expected('the end');
  return { name, input, nodes, output, classes };
}

const KINDS = [
  'conv2d',
  'depthwise-conv2d',
  'dense',
  'batch-norm',
  'max-pool',
  'average-pool',
  'global-average-pool',
  'add',
  'shortcut-a',
  'flatten',
  'activation',
] as const satisfies readonly TrainedNode['kind'][];

function nodeFrom(reader: TextReader, id: string): TrainedNode {
  reader.expect(':');
  const shape = reader.list();
  reader.expect('=');
  const kind = reader.oneOf(KINDS);
  reader.expect('(');
  const inputs = reader.separated(() => reader.name());
  reader.expect(')');
  const base = { id, inputs, shape };
  switch (kind) {
    case 'conv2d':
    case 'depthwise-conv2d': {
      const window = readWindow(reader);
      const outside = reader.takesWord('outside') ? { outside: outsideCode(reader) } : {};
      reader.expect('dilated');
      return {
        kind,
        ...base,
        ...window,
        ...outside,
        dilation: readPair(reader),
        ...readWeights(reader, kind, shape),
      };
    }
    case 'dense':
      return { kind, ...base, ...readWeights(reader, kind, shape) };
    case 'batch-norm': {
      reader.expect('*');
      const factor = readFloats(reader);
      reader.expect('+');
      return { kind, ...base, factor, offset: readFloats(reader) };
    }
    case 'max-pool':
    case 'average-pool': {
      const { kernel, strides, padding } = readWindow(reader);
      const counting = reader.takesWord('counting');
      if (counting) reader.expect('padding');
      const countPadding = counting ? { countPadding: true as const } : {};
      return { kind, ...base, size: kernel, strides, padding, ...countPadding };
    }
    case 'shortcut-a': {
      reader.expect('/');
      const strides = readPair(reader);
      reader.expect('before');
      const before = reader.integer();
      reader.expect('after');
      return { kind, ...base, strides, before, after: reader.integer() };
    }
    case 'activation':
      return { kind, ...base, ...readActivation(reader) };
    case 'add':
    case 'flatten':
    case 'global-average-pool':
      return { kind, ...base };
  }
}

function outsideCode(reader: TextReader): 0 | -1 {
  if (reader.takes('0')) return 0;
  return reader.takes('-1') ? -1 : reader.expected('0 or -1');
}

function readFloats(reader: TextReader): Float32Array {
  return Float32Array.from(reader.list(() => reader.real()));
}

function readWeights(
  reader: TextReader,
  kind: TrainedNode['kind'],
  shape: readonly number[],
): { weights: DeployedWeights; bias?: Float32Array } {
  const weights = reader.takesWord('float')
    ? { levels: [], float: readFloats(reader) }
    : readLevels(reader, kind, shape);
  return { weights, ...(reader.takesWord('bias') ? { bias: readFloats(reader) } : {}) };
}

function readLevels(
  reader: TextReader,
  kind: TrainedNode['kind'],
  shape: readonly number[],
): DeployedWeights {
  const filters = reader.integer();
  if (filters !== filtersOf({ kind, shape }))
    reader.fail(`a layer of this shape has ${filtersOf({ kind, shape })} filters`);
  reader.expect('filters', 'of');
  const levels: DeployedWeights['levels'][number][] = [];
  do {
    const scale = reader.sees('[') ? readFloats(reader) : Float32Array.of(reader.real());
    reader.expect('*');
    const byFilter = reader.codes(filters);
    // Back to the trained order, filters fastest: the same exchange of axes.
    levels.push({ codes: filterMajor(byFilter, byFilter.length / filters), scale });
  } while (reader.takes('+'));
  return { levels };
}

function readActivation(reader: TextReader): { name: string; staircase?: Staircase } {
  const name = reader.name();
  if (reader.takesWord('in')) {
    reader.expect('floating', 'point');
    return { name };
  }
  const thresholds: number[] = [];
  const inclusive: boolean[] = [];
  while (!reader.takes('->')) {
    reader.expect('y>');
    inclusive.push(reader.takes('='));
    thresholds.push(reader.real());
  }
  const term = () => {
    const scale = reader.real();
    reader.expect('*');
    return { codes: reader.list(), scale };
  };
  const first = term();
  const more: { codes: number[]; scale: number }[] = [];
  while (reader.takes('+')) more.push(term());
  return { name, staircase: { thresholds, inclusive, ...first, ...(more.length > 0 ? { more } : {}) } };
}
