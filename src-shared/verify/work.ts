import { elementsOf, isLinear, nonzerosOf, type IntegerGraph } from '../export/ir/graph.ts';

/** What one inference costs whoever walks nonzero weights, the interpreter first: products of nonzeros, and elements. */
export function workOf(graph: IntegerGraph): number {
  return graph.nodes.reduce((work, node) => {
    const elements = elementsOf(node.shape);
    if (!isLinear(node)) return work + elements;
    return work + elements + (nonzerosOf(node.weights) * elements) / Math.max(1, node.weights.filters);
  }, elementsOf(graph.input.shape));
}
