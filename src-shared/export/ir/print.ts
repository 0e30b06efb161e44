import type { IntegerGraph, IntegerNode, IntegerWeights } from './graph.ts';

const SHOWN = 24;

/**
 * The graph as text, one line for each node, for tests and for people:
 * `conv1: i32[4,4,2] in [-9,9] = conv2d(input) 3x3 /1,1 pad 1,1,1,1 ternary 18 taps [+0-…]`
 */
export function printGraph(graph: IntegerGraph): string {
  const lines = [
    `${graph.name}: input u8[${graph.input.shape.join(',')}] zero [${graph.input.zero.join(',')}]`,
    ...graph.nodes.map(printNode),
    `output ${graph.output} ${graph.classes} classes`,
  ];
  return lines.join('\n');
}

export function printNode(node: IntegerNode): string {
  const { low, high } = node.range;
  return `${node.id}: ${node.type}[${node.shape.join(',')}] in [${low},${high}] = ${node.kind}(${node.inputs.join(', ')})${details(node)}`;
}

function details(node: IntegerNode): string {
  switch (node.kind) {
    case 'conv2d':
    case 'depthwise-conv2d':
      return `${windowText(node)} dilated ${node.dilation.join(',')} ${weightsText(node.weights)}`;
    case 'dense':
      return ` ${weightsText(node.weights)}`;
    case 'max-pool':
    case 'sum-pool':
      return windowText(node);
    case 'threshold':
      return ` ${thresholdText(node)} -> ${list(node.codes)}`;
    case 'combine':
      return ` * ${node.multipliers.map(list).join(' ')} + ${list(node.bias)}`;
    case 'lookup':
      return ` from ${node.low} -> ${list(node.codes)}`;
    case 'affine':
      return ` * ${node.multipliers.map(list).join(' ')} + ${list(node.bias)} exponent ${node.exponent}`;
    case 'add':
    case 'flatten':
      return '';
  }
}

function windowText(node: Extract<IntegerNode, { kernel: unknown }>): string {
  const { top, left, bottom, right } = node.padding;
  return ` ${node.kernel.join('x')} /${node.strides.join(',')} pad ${top},${left},${bottom},${right}`;
}

function thresholdText(node: Extract<IntegerNode, { kind: 'threshold' }>): string {
  const channels = node.direction.length;
  const rows = Array.from({ length: Math.min(channels, 8) }, (_, channel) => {
    const values = node.values.subarray(channel * node.steps, (channel + 1) * node.steps);
    return `${node.direction[channel] === -1 ? '-' : ''}x>=${list(values)}`;
  });
  return rows.join(' ') + (channels > rows.length ? ` … ${channels} channels` : '');
}

function weightsText(weights: IntegerWeights): string {
  return `${weights.filters} filters of ${codesText(weights.codes)}`;
}

/** Ternary codes as a string over `-0+`, others as numbers; long ones are cut. */
function codesText(codes: Int8Array): string {
  const shown = codes.subarray(0, SHOWN);
  const rest = codes.length > SHOWN ? ` … ${codes.length} codes` : '';
  if (shown.every((code) => Math.abs(code) <= 1)) {
    return `[${Array.from(shown, (code) => '-0+'[code + 1]).join('')}]${rest}`;
  }
  return `[${shown.join(',')}]${rest}`;
}

function list(values: ArrayLike<number>): string {
  const shown = Array.from(values).slice(0, SHOWN).join(',');
  return values.length > SHOWN ? `[${shown} … ${values.length} values]` : `[${shown}]`;
}
