import type { ResolvedLayer } from '../types.ts';

/** What a rule reads of a resolved network. */
export interface Combination {
  layers: readonly ResolvedLayer[];
}

/** Something that is wrong with a layer's methods: one sentence that names the methods and the reason. */
export interface Finding {
  layer: string;
  reason: string;
}

/** One way in which methods, parameters and their place in the network do not go together. */
export interface CombinationRule {
  id: string;
  /** It looks at each layer by itself, so that it holds for a part of a network, too. */
  alone?: true;
  find(model: Combination): Finding[];
}
