import type { TrainedGraph, TrainedNode } from '#shared/export/trained-graph.ts';
import type { Staircase } from '#shared/quant/types.ts';
import { scaledLevels, unitOf, type Linear } from './training-levels.ts';
import { forEachTap, poolWindows } from './trained-windows.ts';

/**
 * Evaluates a trained graph in its deployment form, from the words of `TRAINING_ARITHMETIC`, `fixedPoint` and
 * `linearParts`: exact integer sums, then float32 with one rounding per operation; rounded factors where several sums
 * meet. Works on the trained graph itself, before any pass, in the trained order of layers, and shares no code with
 * lowering or with the evaluator. Slow on purpose.
 */
export interface TrainedValue {
  terms: TrainedTerm[];
  offset: number[] | null;
  steps: TrainedStep[];
  codes: boolean;
  channels: number;
  /** Of an activation of several terms: the rank of the level of each element, and the codes of each term by rank. */
  ranks?: { values: number[]; tables: number[][] };
}
interface TrainedTerm {
  /** Flat, channels fastest. */
  integers: number[];
  /** Per channel. */
  scale: number[];
  limit: number[];
}
interface TrainedStep {
  bias: number[] | null;
  factor: number[];
  shift: number[];
}

export function evaluateTrained(graph: TrainedGraph, sample: Uint8Array): Map<string, TrainedValue> {
  const channels = graph.input.zero.length;
  const zero = (i: number) => graph.input.zero[i % channels] ?? NaN;
  const term: TrainedTerm = {
    integers: [...sample].map((byte, i) => byte - zero(i)),
    scale: new Array<number>(channels).fill(Math.fround(graph.input.scale)),
    limit: Array.from({ length: channels }, (_, c) => Math.max(zero(c), 255 - zero(c))),
  };
  const values = new Map<string, TrainedValue>([['input', codesOf([term], channels)]]);
  const shapes = new Map<string, readonly number[]>([['input', graph.input.shape]]);
  for (const node of graph.nodes) {
    const inputs = node.inputs.map((name) => values.get(name) ?? fail(`no ${name}`));
    values.set(node.id, evaluateNode(graph, node, inputs, shapes.get(node.inputs[0] ?? '') ?? []));
    shapes.set(node.id, node.shape);
  }
  return values;
}

/** Σ scale · integer + offset and the steps, in double precision: what the logits are before they are rounded. */
export function unroundedOf(value: TrainedValue): number[] {
  const { terms, offset, channels } = folded(value);
  return (terms[0]?.integers ?? []).map((_, i) =>
    terms.reduce(
      (sum, term) => sum + (term.integers[i] ?? NaN) * (term.scale[i % channels] ?? NaN),
      offset?.[i % channels] ?? 0,
    ),
  );
}

/** Training's float32 expression; where several terms meet, of their rounded sum. */
export function realOf(value: TrainedValue): number[] {
  const { terms, steps, channels } = single(value);
  return (terms[0]?.integers ?? []).map((integer, i) => {
    const c = i % channels;
    const scaled = Math.fround(Math.fround(integer) * (terms[0]?.scale[c] ?? NaN));
    return steps.reduce((y, { bias, factor, shift }) => {
      if (bias) return Math.fround(y + (bias[c] ?? NaN));
      return Math.fround(Math.fround(y * (factor[c] ?? NaN)) + (shift[c] ?? NaN));
    }, scaled);
  });
}

function evaluateNode(
  graph: TrainedGraph,
  node: TrainedNode,
  inputs: TrainedValue[],
  shape: readonly number[],
): TrainedValue {
  const x = inputs[0] ?? fail(`${node.id} has no input`);
  switch (node.kind) {
    case 'conv2d':
    case 'depthwise-conv2d':
    case 'dense':
      return evaluateLinear(node, x, shape);
    case 'batch-norm': {
      const step: TrainedStep = { bias: null, factor: [...node.factor], shift: [...node.offset] };
      const { terms, offset, steps, channels } = x;
      return { terms, offset, steps: [...steps, step], codes: false, channels };
    }
    case 'activation':
      return evaluateActivation(node.staircase ?? fail('it needs a staircase'), realOf(x), x.channels);
    case 'max-pool': {
      if (x.ranks) {
        const { tables } = x.ranks;
        const values = poolWindows(node, shape, x.ranks.values).map((window) => Math.max(...window));
        const terms = x.terms.map((term, t) => ({
          ...term,
          integers: values.map((rank) => tables[t]?.[rank] ?? NaN),
        }));
        return { ...codesOf(terms, x.channels), ranks: { values, tables } };
      }
      const one = single(x, goesOn(graph, node.id) ? 2 ** 22 : 2 ** 31 - 2);
      const sign = (c: number) =>
        one.steps.reduce((s, { bias, factor }) => (bias ? s : s * Math.sign(factor[c] ?? NaN)), 1) *
        Math.sign(one.terms[0]?.scale[c] ?? NaN);
      return withIntegers(one, (integers) =>
        poolWindows(node, shape, integers).map((window, i) =>
          sign(i % one.channels) < 0 ? Math.min(...window) : Math.max(...window),
        ),
      );
    }
    case 'average-pool':
    case 'global-average-pool': {
      const [height = 1, width = 1] = shape;
      const window =
        node.kind === 'average-pool'
          ? node
          : { size: [height, width] as const, strides: [1, 1] as const, shape: [1, 1], padding: NONE };
      const count = window.size[0] * window.size[1];
      const from = x.codes ? x : folded(x);
      const sums = withIntegers(from, (integers) =>
        poolWindows(window, shape, integers).map((values) => values.reduce((a, b) => a + b, 0)),
      );
      const round = x.codes ? Math.fround : (value: number) => value;
      return {
        ...sums,
        terms: sums.terms.map((term) => ({
          ...term,
          scale: term.scale.map((scale) => round(scale / count)),
          limit: term.limit.map((limit) => limit * count),
        })),
      };
    }
    case 'shortcut-a': {
      const { before, after } = node;
      const [, width = 1, channels = 1] = shape;
      const [rows = 1, columns = 1, wide = 1] = node.shape;
      const place = <T>(list: readonly T[], fill: T): T[] => [
        ...new Array<T>(before).fill(fill),
        ...list,
        ...new Array<T>(after).fill(fill),
      ];
      return {
        channels: wide,
        codes: x.codes,
        offset: x.offset && place(x.offset, 0),
        steps: x.steps.map(({ bias, factor, shift }) => ({
          bias: bias && place(bias, 0),
          factor: place(factor, 1),
          shift: place(shift, 0),
        })),
        terms: x.terms.map(({ integers, scale, limit }) => ({
          scale: place(scale, scale[0] ?? NaN),
          limit: place(limit, 0),
          integers: Array.from({ length: rows * columns * wide }, (_, i) => {
            const c = (i % wide) - before;
            const pixel = Math.floor(i / wide);
            const [y, px] = [
              Math.floor(pixel / columns) * node.strides[0],
              (pixel % columns) * node.strides[1],
            ];
            return c < 0 || c >= channels ? 0 : (integers[(y * width + px) * channels + c] ?? NaN);
          }),
        })),
      };
    }
    case 'add':
      return inputs.reduce(add);
    case 'flatten': {
      const times = (x.terms[0]?.integers.length ?? 0) / x.channels;
      const repeat = (list: readonly number[]) => Array.from({ length: times }, () => list).flat();
      return {
        channels: x.channels * times,
        codes: x.codes,
        offset: x.offset && repeat(x.offset),
        steps: x.steps.map(({ bias, factor, shift }) => ({
          bias: bias && repeat(bias),
          factor: repeat(factor),
          shift: repeat(shift),
        })),
        terms: x.terms.map(({ integers, scale, limit }) => ({
          integers,
          scale: repeat(scale),
          limit: repeat(limit),
        })),
      };
    }
  }
}

const NONE = { top: 0, left: 0, bottom: 0, right: 0 };

function fail(message: string): never {
  throw new Error(message);
}

/** Whether a value reaches anything but thresholds: an average, an addition, the logits. */
function goesOn(graph: TrainedGraph, id: string): boolean {
  const readers = graph.nodes.filter(({ inputs }) => inputs.includes(id));
  return (
    id === graph.output ||
    readers.some(({ id: reader, kind }) => {
      if (kind === 'activation') return false;
      return ['batch-norm', 'max-pool', 'flatten'].includes(kind) ? goesOn(graph, reader) : true;
    })
  );
}

function codesOf(terms: TrainedTerm[], channels: number): TrainedValue {
  return { terms, offset: null, steps: [], codes: true, channels };
}

function withIntegers(value: TrainedValue, change: (integers: number[]) => number[]): TrainedValue {
  const { offset, steps, codes, channels } = value;
  const terms = value.terms.map((term) => ({ ...term, integers: change(term.integers) }));
  return { terms, offset, steps, codes, channels };
}

function evaluateActivation(staircase: Staircase, y: readonly number[], channels: number): TrainedValue {
  const { thresholds, inclusive } = staircase;
  const steps = y.map(
    (value) =>
      thresholds.filter((t, i) => (inclusive[i] ? value >= Math.fround(t) : value > Math.fround(t))).length,
  );
  let parts = [staircase, ...(staircase.more ?? [])].map(({ scale, codes }) => {
    const sign = scale < 0 ? -1 : 1;
    return { scale: Math.abs(Math.fround(scale)), codes: codes.map((code) => sign * code + 0) };
  });
  const used = parts.filter(({ scale, codes }) => scale !== 0 && codes.some((code) => code !== 0));
  parts = used.length > 0 ? used : parts.slice(0, 1);
  const unit = unitOf(parts.map(({ scale }) => scale));
  const merged = (parts[0]?.codes ?? []).map((_, step) =>
    parts.reduce((sum, { scale, codes }) => sum + (scale / unit) * (codes[step] ?? NaN), 0),
  );
  if (parts.length > 1 && merged.every((code) => Math.abs(code) <= 127))
    parts = [{ scale: unit, codes: merged }];
  const terms = parts.map(({ scale, codes }): TrainedTerm => ({
    integers: steps.map((step) => codes[step] ?? NaN),
    scale: new Array<number>(channels).fill(scale),
    limit: new Array<number>(channels).fill(Math.max(...codes.map(Math.abs))),
  }));
  const value = codesOf(terms, channels);
  if (terms.length === 1) return value;
  const levels = thresholds.concat(0).map((_, step) => ({
    step,
    real: parts.reduce((sum, { scale, codes }) => sum + scale * (codes[step] ?? NaN), 0),
  }));
  levels.sort((a, b) => a.real - b.real || a.step - b.step);
  const rankOf = new Map(levels.map(({ step }, rank) => [step, rank]));
  const tables = parts.map(({ codes }) => levels.map(({ step }) => codes[step] ?? NaN));
  return { ...value, ranks: { values: steps.map((step) => rankOf.get(step) ?? NaN), tables } };
}

/** The terms as one integer per element, with multipliers of the finest power of two that 32 bits allow. */
function single(value: TrainedValue, limit = 2 ** 31 - 2): TrainedValue {
  const { terms, offset, steps, channels } = value;
  if (terms.length === 1 && !offset) return value;
  const round = (real: number) => Math.sign(real) * Math.round(Math.abs(real));
  const units = Array.from({ length: channels }, (_, c) => {
    const slopes = terms.map(({ scale, limit }) => (limit[c] === 0 ? 0 : (scale[c] ?? NaN)));
    const size = (unit: number) =>
      slopes.reduce(
        (sum, slope, t) => sum + Math.abs(round(slope * unit)) * (terms[t]?.limit[c] ?? NaN),
        Math.abs(round((offset?.[c] ?? 0) * unit)),
      );
    const nothing = slopes.every((slope) => slope === 0) && !offset?.[c];
    // Far above what can fit, and down from there.
    let e = nothing
      ? 0
      : Math.min(100, Math.ceil(Math.log2(limit)) + 2 - Math.floor(Math.log2(size(2 ** 100) / 2 ** 100)));
    while (size(2 ** e) > limit) e--;
    return { unit: 2 ** e, size: size(2 ** e), slopes };
  });
  const count = terms[0]?.integers.length ?? 0;
  const integers = Array.from({ length: count }, (_, i) => {
    const { unit, slopes } = units[i % channels] ?? fail('no unit');
    return terms.reduce(
      (sum, term, t) => sum + round((slopes[t] ?? NaN) * unit) * (term.integers[i] ?? NaN),
      round((offset?.[i % channels] ?? 0) * unit),
    );
  });
  const term = { integers, scale: units.map(({ unit }) => 1 / unit), limit: units.map(({ size }) => size) };
  return { terms: [term], offset: null, steps, codes: false, channels };
}

/** Steps in double precision as part of scales and offset. */
function folded(value: TrainedValue): TrainedValue {
  const { channels, steps } = value;
  const lines = Array.from({ length: channels }, (_, c) =>
    steps.reduce(
      (line, { bias, factor, shift }) => {
        if (bias) return { ...line, offset: line.offset + (bias[c] ?? NaN) };
        const f = factor[c] ?? NaN;
        return { slope: line.slope * f, offset: line.offset * f + (shift[c] ?? NaN) };
      },
      { slope: 1, offset: value.offset?.[c] ?? 0 },
    ),
  );
  const terms = value.terms.map((term) => ({
    ...term,
    scale: term.scale.map((scale, c) => scale * (lines[c]?.slope ?? NaN)),
  }));
  return { terms, offset: lines.map(({ offset }) => offset), steps: [], codes: false, channels };
}

function add(a: TrainedValue, b: TrainedValue): TrainedValue {
  const { channels } = a;
  const [x, y] = [a.terms[0] ?? fail('nothing'), b.terms[0] ?? fail('nothing')];
  if (a.codes && b.codes) {
    if (a.terms.length > 1 || b.terms.length > 1 || x.scale[0] !== y.scale[0])
      return codesOf([...a.terms, ...b.terms], channels);
    const term: TrainedTerm = {
      integers: x.integers.map((value, i) => value + (y.integers[i] ?? NaN)),
      scale: x.scale,
      limit: x.limit.map((limit, c) => limit + (y.limit[c] ?? NaN)),
    };
    return codesOf([term], channels);
  }
  const [left, right] = [folded(a), folded(b)];
  const offset = (left.offset ?? []).map((value, c) => value + (right.offset?.[c] ?? NaN));
  return { terms: [...left.terms, ...right.terms], offset, steps: [], codes: false, channels };
}

function evaluateLinear(node: Linear, input: TrainedValue, shape: readonly number[]): TrainedValue {
  if (!input.codes) fail(`${node.id} needs codes`);
  const filters = node.shape.at(-1) ?? 1;
  const pixels = node.shape.reduce((product, length) => product * length, 1) / filters;
  const terms = input.terms.flatMap((source) =>
    scaledLevels(node, filters, source).map(({ codes, scale, limit }): TrainedTerm => {
      const integers: number[] = [];
      for (let pixel = 0; pixel < pixels; pixel++) {
        for (let filter = 0; filter < filters; filter++) {
          let sum = 0;
          forEachTap(node, shape, pixel, filter, (weight, under) => {
            const x = 'at' in under ? source.integers[under.at] : under.code;
            sum += (codes[weight] ?? NaN) * (x ?? NaN);
          });
          integers.push(sum);
        }
      }
      return { integers, scale, limit };
    }),
  );
  const steps = node.bias ? [{ bias: [...node.bias], factor: [], shift: [] }] : [];
  return { terms, offset: null, steps, codes: false, channels: filters };
}
