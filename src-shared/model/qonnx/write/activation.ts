import type { TrainedActivation } from '../../../export/trained-graph.ts';
import { QONNX_DOMAIN } from '../domain.ts';
import type { GraphBuilder, WrittenValue } from './graph-builder.ts';
import { highestCode, lowestCode } from '../quantizer.ts';
import { staircaseForm, type TermForm } from './staircase-forms.ts';
import type { StepForm } from './step-form.ts';

/** Thresholds of a layer that rounding puts on a neighbouring float32 number. */
export type ReportMoved = (layer: string, moved: number, of: number) => void;

const FLOAT_OPERATORS: Readonly<Record<string, string>> = {
  relu: 'Relu',
  identity: 'Identity',
  tanh: 'Tanh',
};

/** An activation layer: a float function, or the quantizer nodes of a staircase. */
export function writeActivation(
  graph: GraphBuilder,
  { id, name, staircase }: TrainedActivation,
  input: WrittenValue,
  report: ReportMoved,
): WrittenValue {
  const { shape } = input;
  const x = graph.real(input);
  if (!staircase) return { tensor: floatActivation(graph, id, name, x, shape), shape, scale: 1 };
  const { order, terms } = staircaseForm(staircase);
  const [only] = terms;
  if (only && terms.length === 1) {
    const tensor = writeSteps(graph, id, only.form, x, shape);
    reportMoved(only.form, id, report);
    if (only.scale > 0) return { tensor, shape, scale: only.scale };
    return { tensor: scaled(graph, `${id}/scaled`, tensor, only.scale, shape), shape, scale: 1 };
  }
  return { tensor: writeTerms(graph, id, order, terms, x, shape, report), shape, scale: 1 };
}

function floatActivation(
  graph: GraphBuilder,
  id: string,
  name: string,
  x: string,
  shape: readonly number[],
): string {
  if (name === 'hard-tanh') {
    const limits = [graph.constant(`${id}/low`, [], [-1]), graph.constant(`${id}/high`, [], [1])];
    return graph.node(id, 'Clip', [x, ...limits], shape);
  }
  const operator = FLOAT_OPERATORS[name];
  if (operator === undefined) throw new RangeError(`no ONNX operator for the activation ${name}`);
  return graph.node(id, operator, [x], shape);
}

function writeTerms(
  graph: GraphBuilder,
  id: string,
  order: 'parallel' | 'residual',
  terms: readonly TermForm[],
  x: string,
  shape: readonly number[],
  report: ReportMoved,
): string {
  let rest = x;
  let sum: string | null = null;
  for (const [i, { form, scale }] of terms.entries()) {
    const level = `${id}/level${i + 1}`;
    const code = writeSteps(graph, level, form, rest, shape);
    reportMoved(form, id, report);
    const value = scaled(graph, `${level}/value`, code, scale, shape);
    const last = i === terms.length - 1;
    if (order === 'residual' && !last) rest = graph.node(`${level}/rest`, 'Sub', [rest, value], shape);
    sum = sum === null ? value : graph.node(last ? id : `${level}/sum`, 'Add', [sum, value], shape);
  }
  return sum ?? x;
}

function scaled(
  graph: GraphBuilder,
  name: string,
  tensor: string,
  scale: number,
  shape: readonly number[],
): string {
  return graph.node(
    name,
    'Mul',
    [tensor, graph.constant(`${name}/scale`, [], Float32Array.of(scale))],
    shape,
  );
}

function reportMoved(form: StepForm, id: string, report: ReportMoved): void {
  if (form.kind !== 'quant' || form.moved === 0) return;
  report(id, form.moved, highestCode(form.range) - lowestCode(form.range));
}

/** The codes of one step function of x. */
function writeSteps(
  graph: GraphBuilder,
  id: string,
  form: StepForm,
  x: string,
  shape: readonly number[],
): string {
  if (form.kind === 'bipolar') {
    if (form.shift === 0) return graph.bipolarQuant(id, x, shape);
    const shift = graph.constant(`${id}/threshold`, [], Float32Array.of(form.shift));
    return graph.bipolarQuant(id, graph.node(`${id}/shifted`, 'Sub', [x, shift], shape), shape);
  }
  if (form.kind === 'quant') {
    const { multiplier, range, rounding } = form;
    if (multiplier === 1) return graph.quant(id, x, range, shape, { rounding });
    const factor = graph.constant(`${id}/steps`, [], Float32Array.of(multiplier));
    const input = graph.node(`${id}/in-steps`, 'Mul', [x, factor], shape);
    return graph.quant(id, input, range, shape, { rounding });
  }
  const falls = form.minus.length > 0;
  const up = count(graph, falls ? `${id}/rises` : id, form.plus, form.first, x, shape);
  if (!falls) return up;
  return graph.node(id, 'Sub', [up, count(graph, `${id}/falls`, form.minus, 0, x, shape)], shape);
}

function count(
  graph: GraphBuilder,
  id: string,
  thresholds: readonly number[],
  first: number,
  x: string,
  shape: readonly number[],
): string {
  const data = Float32Array.from(thresholds);
  const input = graph.constant(`${id}/thresholds`, [1, data.length], data);
  const highest = first + data.length;
  const attributes = {
    out_dtype: integerType(first, highest),
    out_scale: { float: 1 },
    out_bias: { float: first },
    data_layout: shape.length === 3 ? 'NCHW' : 'NC',
  };
  return graph.node(id, 'MultiThreshold', [x, input], shape, attributes, QONNX_DOMAIN);
}

/** The name of the narrowest integer type, as QONNX has them. */
function integerType(low: number, high: number): string {
  if (low >= 0) return `UINT${Math.max(1, Math.ceil(Math.log2(high + 1)))}`;
  let bits = 2;
  while (low < -(2 ** (bits - 1)) || high > 2 ** (bits - 1) - 1) bits++;
  return `INT${bits}`;
}
