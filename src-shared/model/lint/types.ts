import type { ModelSpec } from '../spec.ts';

export type LintSeverity = 'information' | 'warning';

/** Advice about a network that can be trained as it is. */
export interface Lint {
  /** Stable kebab-case id of the rule. */
  rule: string;
  layer: string;
  severity: LintSeverity;
  /** One sentence: what, why, and what to do instead. */
  message: string;
  /** Field of the layer that it is about, where there is one. */
  field?: readonly (string | number)[];
  /** Where the remedy is mechanical: what a button says, and the network with it. */
  fix?: { title: string; apply(spec: ModelSpec): ModelSpec };
}
