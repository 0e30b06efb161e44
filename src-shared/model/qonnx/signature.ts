import { hash32 } from '../../base/random.ts';
import type { OnnxGraph } from './onnx.ts';

/**
 * A number text for what the nodes of a graph say: operators, connections, attributes, shapes and single numbers of
 * constants, but no weights. It tells whether a file has been changed since it was written.
 */
export function signatureOf(graph: OnnxGraph): string {
  const nodes = graph.nodes.map(({ type, domain, inputs, outputs, attributes }) => [
    type,
    domain,
    inputs,
    outputs,
    Object.entries(attributes).toSorted(([a], [b]) => (a < b ? -1 : 1)),
  ]);
  const constants = graph.initializers.map(({ name, dims, data }) => [
    name,
    dims,
    data && data.length <= 8 ? Array.from(data) : null,
  ]);
  const text = JSON.stringify([nodes, constants, graph.inputs, graph.outputs]);
  return [text, `${text}#`].map((part) => hash32(part).toString(16).padStart(8, '0')).join('');
}
