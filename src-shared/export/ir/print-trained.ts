import { filterMajor } from '../passes/weights.ts';
import type { TrainedGraph, TrainedNode } from '../trained-graph.ts';
import { elementsOf } from './graph.ts';
import { codesText, listText, nameText, shapeText, windowText } from './text.ts';

/**
 * The trained graph as text, one line for each layer, complete: `parseTrainedText` reads it back to the bit. Weights stand
 * filter by filter, float32 numbers as the shortest decimal that is nearest to them alone.
 * `norm: [4,4,2] = batch-norm(conv) * [0.5,-1] + [0,0.1]`
 */
export function printTrained(graph: TrainedGraph): string {
  const { name, input, nodes, output, classes } = graph;
  const zero = listText(input.zero, true);
  return [
    `${nameText(name)}: input u8${shapeText(input.shape)} zero ${zero} scale ${realText(input.scale)}`,
    ...nodes.map(printTrainedNode),
    `output ${nameText(output)} ${classes} classes`,
  ].join('\n');
}

function printTrainedNode(node: TrainedNode): string {
  const rest = details(node);
  const inputs = node.inputs.map(nameText).join(', ');
  return `${nameText(node.id)}: ${shapeText(node.shape)} = ${node.kind}(${inputs})${rest && ` ${rest}`}`;
}

function details(node: TrainedNode): string {
  switch (node.kind) {
    case 'conv2d':
    case 'depthwise-conv2d': {
      const { kernel, strides, padding, outside, dilation } = node;
      const around = outside === undefined ? '' : ` outside ${outside}`;
      return `${windowText(kernel, strides, padding)}${around} dilated ${dilation.join(',')} ${weightsText(node)}`;
    }
    case 'dense':
      return weightsText(node);
    case 'batch-norm':
      return `* ${floatsText(node.factor)} + ${floatsText(node.offset)}`;
    case 'max-pool':
    case 'average-pool':
      return `${windowText(node.size, node.strides, node.padding)}${node.countPadding ? ' counting padding' : ''}`;
    case 'shortcut-a':
      return `/${node.strides.join(',')} before ${node.before} after ${node.after}`;
    case 'activation':
      return activationText(node);
    case 'add':
    case 'flatten':
    case 'global-average-pool':
      return '';
  }
}

/** `2 filters of 0.5 * [+0- --+] + 0.25 * [0+0 -00] bias [1,-2]`, or `float [0.25,1.5]` in the trained order. */
function weightsText(node: Extract<TrainedNode, { weights: unknown }>): string {
  const { levels, float } = node.weights;
  const filters = filtersOf(node);
  const parts = levels.map(({ codes, scale }) => {
    const factor = scale.length === 1 ? floatText(scale[0] ?? 0) : floatsText(scale);
    return `${factor} * ${codesText(filterMajor(codes, filters), filters, true)}`;
  });
  const weights = float ? `float ${floatsText(float)}` : `${filters} filters of ${parts.join(' + ')}`;
  return weights + (node.bias ? ` bias ${floatsText(node.bias)}` : '');
}

/** `ternary y>-0.5 y>=0.5 -> 1 * [-1,0,1]`: what each step asks, and the codes of each term. */
function activationText({ name, staircase }: Extract<TrainedNode, { kind: 'activation' }>): string {
  if (!staircase) return `${nameText(name)} in floating point`;
  const { thresholds, inclusive } = staircase;
  const steps = thresholds.map((value, i) => `y>${inclusive[i] ? '=' : ''}${realText(value)}`);
  const terms = [staircase, ...(staircase.more ?? [])].map(
    ({ codes, scale }) => `${realText(scale)} * ${listText(codes, true)}`,
  );
  return `${[nameText(name), ...steps].join(' ')} -> ${terms.join(' + ')}`;
}

/** Number of filters of a layer with weights. */
export function filtersOf({ kind, shape }: { kind: TrainedNode['kind']; shape: readonly number[] }): number {
  return kind === 'dense' ? elementsOf(shape) : (shape.at(-1) ?? 1);
}

function floatsText(values: Float32Array): string {
  return listText(values, true, floatText);
}

/** The shortest decimal that no other float32 number is nearer to. */
function floatText(value: number): string {
  if (value === 0 || !Number.isFinite(value)) return realText(value);
  for (let digits = 1; digits < 9; digits++) {
    const short = Number(value.toPrecision(digits));
    if (Math.fround(short) === value) return realText(short);
  }
  return realText(Number(value.toPrecision(9)));
}

/** A number to the bit. */
function realText(value: number): string {
  return Object.is(value, -0) ? '-0' : String(value);
}
