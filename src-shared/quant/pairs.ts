import { METHODS } from './registry.ts';

/** Ids of a weight method and an activation method that are used together. */
export interface MethodPair {
  weights: string;
  activations: string;
}

/**
 * The pair in which a method is used by itself: both of its own sides; where it has one only, the other is left in full
 * precision, as in its paper.
 */
export function naturalPair(id: string): MethodPair {
  const method = METHODS.find(({ card }) => card.id === id);
  if (!method) throw new RangeError(`no method ${id}`);
  return {
    weights: method.weights ? id : 'full-precision',
    activations: method.activations ? id : 'full-precision',
  };
}

/** Every method's natural pair, then every activation method with `weights`, each once. */
export function benchmarkPairs(weights = 'twn'): MethodPair[] {
  const natural = METHODS.map(({ card }) => naturalPair(card.id));
  const activations = METHODS.filter((method) => method.activations).map(({ card }) => ({
    weights,
    activations: card.id,
  }));
  const pairs = new Map([...natural, ...activations].map((pair) => [pairName(pair), pair]));
  return [...pairs.values()];
}

export function pairName({ weights, activations }: MethodPair): string {
  return `${weights} + ${activations}`;
}
