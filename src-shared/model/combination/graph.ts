import type { ResolvedLayer } from '../types.ts';
import type { Combination } from './types.ts';

/** Kinds that hand on what they get: the same values, some of them, means of them, or zeros beside them. */
const PASSING = new Set([
  'flatten',
  'dropout',
  'max-pool',
  'average-pool',
  'global-average-pool',
  'shortcut-a',
]);

/**
 * The layers whose values reach `layer`: its inputs, with every kind that only hands values on left out. The samples
 * themselves are not among them.
 *
 * @param through further kinds to look through
 */
export function sourcesOf(
  model: Combination,
  layer: ResolvedLayer,
  through: readonly string[] = [],
): ResolvedLayer[] {
  return layer.inputs.flatMap((name) => {
    const source = model.layers.find(({ spec }) => spec.id === name);
    if (!source) return [];
    const passes = PASSING.has(source.spec.kind) || through.includes(source.spec.kind);
    return passes ? sourcesOf(model, source, through) : [source];
  });
}

/** `"ttq" and "twn"`, each once. */
export function quoted(names: readonly string[]): string {
  return [...new Set(names)].map((name) => `"${name}"`).join(' and ');
}
