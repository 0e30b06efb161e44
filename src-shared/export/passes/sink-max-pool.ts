import { ranksOf, termsOf } from '../arithmetic/staircase-terms.ts';
import type { TrainedActivation, TrainedGraph, TrainedNode, TrainedPool } from '../trained-graph.ts';
import { consumersOf } from './consumers.ts';

/**
 * Max-pooling of a batch normalisation that still has a negative factor (it could not be folded into weights): moves
 * the pooling behind the activation that follows. Exact, because a staircase with ascending codes is monotone:
 * max(act(y)) = act(max(y)). Every other max-pooling of sums commutes with what is pending and needs no move.
 */
export function sinkMaxPool(graph: TrainedGraph): TrainedGraph {
  const byId = new Map<string, TrainedNode>(graph.nodes.map((node) => [node.id, node]));
  const consumers = consumersOf(graph);
  const replaced = new Map<string, TrainedNode>();
  for (const pool of graph.nodes) {
    if (pool.kind !== 'max-pool' || !fallsSomewhere(byId, pool.inputs[0])) continue;
    const followers = consumers.get(pool.id) ?? [];
    const activation = byId.get(followers[0] ?? '');
    if (followers.length !== 1 || activation?.kind !== 'activation' || !ascends(activation)) continue;
    // The two exchange names: readers of the activation now read the pooling under the activation's id.
    const early: TrainedActivation = {
      ...activation,
      id: pool.id,
      inputs: pool.inputs,
      shape: byId.get(pool.inputs[0] ?? '')?.shape ?? graph.input.shape,
    };
    const late: TrainedPool = { ...pool, id: activation.id, inputs: [pool.id] };
    replaced.set(pool.id, early);
    replaced.set(activation.id, late);
  }
  return { ...graph, nodes: graph.nodes.map((node) => replaced.get(node.id) ?? node) };
}

/** Whether a batch normalisation between the last integer value and `name` has a negative factor. */
function fallsSomewhere(byId: Map<string, TrainedNode>, name: string | undefined): boolean {
  const node = byId.get(name ?? '');
  if (node?.kind === 'batch-norm') {
    return node.factor.some((factor) => factor < 0) || fallsSomewhere(byId, node.inputs[0]);
  }
  return node?.kind === 'max-pool' || node?.kind === 'flatten' ? fallsSomewhere(byId, node.inputs[0]) : false;
}

/** Whether the stored integer, the code of a single term or the rank of several, never falls from step to step. */
function ascends({ staircase }: TrainedActivation): boolean {
  if (!staircase) return false;
  const terms = termsOf(staircase);
  const stored = terms.length === 1 ? (terms[0]?.codes ?? []) : ranksOf(terms);
  return stored.every((code, index) => index === 0 || code >= (stored[index - 1] ?? code));
}
