import type { ConvNode, IntegerGraph, IntegerNode, IntegerWeights } from './graph.ts';
import { codesText, listText, nameText, shapeText, windowText } from './text.ts';

/** `full`: nothing is cut, so that `parseGraphText` reads the very same graph back. */
export interface PrintOptions {
  full?: boolean;
}

/**
 * The graph as text, one line for each node, for tests and for people:
 * `conv1: i32[4,4,2] in [-9,9] = conv2d(input) 3x3 /1,1 pad 1,1,1,1 dilated 1,1 2 filters of [+0-… …]`
 */
export function printGraph(graph: IntegerGraph, options: PrintOptions = {}): string {
  const { name, input, nodes, output, classes } = graph;
  const zero = listText(input.zero, options.full ?? false);
  const lines = [
    `${nameText(name)}: input u8${shapeText(input.shape)} zero ${zero}`,
    ...nodes.map((node) => printNode(node, options)),
    `output ${nameText(output)} ${classes} classes`,
  ];
  return lines.join('\n');
}

export function printNode(node: IntegerNode, { full = false }: PrintOptions = {}): string {
  const { low, high } = node.range;
  const inputs = node.inputs.map(nameText).join(', ');
  const value = `${node.type}${shapeText(node.shape)} in [${low},${high}]`;
  return `${nameText(node.id)}: ${value} = ${node.kind}(${inputs})${details(node, full)}`;
}

function details(node: IntegerNode, full: boolean): string {
  switch (node.kind) {
    case 'conv2d':
    case 'depthwise-conv2d': {
      const { kernel, strides, padding, dilation } = node;
      const window = `${windowText(kernel, strides, padding)}${outsideText(node)} dilated ${dilation.join(',')}`;
      return ` ${window} ${weightsText(node.weights, full)}`;
    }
    case 'dense':
      return ` ${weightsText(node.weights, full)}`;
    case 'max-pool':
    case 'sum-pool':
      return ` ${windowText(node.kernel, node.strides, node.padding)}`;
    case 'threshold':
      return ` ${thresholdText(node, full)} -> ${listText(node.codes, full)}`;
    case 'combine':
      return ` ${sumText(node, full)}`;
    case 'lookup':
      return ` from ${node.low} -> ${listText(node.codes, full)}`;
    case 'affine':
      return ` ${sumText(node, full)} exponent ${node.exponent}`;
    case 'add':
    case 'flatten':
      return '';
  }
}

function outsideText({ outside }: ConvNode): string {
  return outside ? ` outside ${outside}` : '';
}

function thresholdText(node: Extract<IntegerNode, { kind: 'threshold' }>, full: boolean): string {
  const channels = node.direction.length;
  const rows = Array.from({ length: full ? channels : Math.min(channels, 8) }, (_, channel) => {
    const values = node.values.subarray(channel * node.steps, (channel + 1) * node.steps);
    return `${node.direction[channel] === -1 ? '-' : ''}x>=${listText(values, full)}`;
  });
  return rows.join(' ') + (channels > rows.length ? ` … ${channels} channels` : '');
}

function sumText(node: Extract<IntegerNode, { multipliers: unknown }>, full: boolean): string {
  const rows = node.multipliers.map((row) => listText(row, full));
  return `* ${rows.join(' ')} + ${listText(node.bias, full)}`;
}

function weightsText({ filters, codes }: IntegerWeights, full: boolean): string {
  return `${filters} filters of ${codesText(codes, filters, full)}`;
}
