import type { MethodChoice } from '../../quant/registry.ts';
import type { WeightShape } from '../../quant/types.ts';
import type { CostReport, LayerCost } from '../cost.ts';
import type { ResolvedModel } from '../resolve.ts';
import type { LayerSpecBase, ResolvedLayer, Shape } from '../types.ts';

/** What kind of thing is wrong; a problem of methods has the id of its rule besides. */
export type ProblemOrigin = 'field' | 'graph' | 'shape' | 'output' | 'methods' | 'deployment';

/** Something that keeps a network from being trained (or, `deployment`, from being exported). */
export interface ModelProblem {
  origin: ProblemOrigin;
  /** One sentence, the one with which a run would be refused. It names the layer. */
  message: string;
  /** Id and place in the list of the layer that it belongs to; absent: the network as a whole. */
  layer?: string;
  index?: number;
  /** Field within the layer where it is known, e.g. `['filters']` or `['weights', 'factor']`. */
  field?: readonly (string | number)[];
  /** Id of the rule of `combination/` that found it. */
  rule?: string;
}

/** One entry of `layers` as far as it can be understood. */
export interface InspectedLayer {
  index: number;
  /** As written; empty where it has none. */
  id: string;
  kind: string;
  /** The entry with its defaults, checked by its kind's schema; null where a field is wrong. */
  spec: LayerSpecBase | null;
  /** Ids of the layers that it reads, the implied one included. */
  inputs: readonly string[];
  inputShapes: readonly (Shape | null)[];
  shape: Shape | null;
  inputBits: number | null;
  outputBits: number | null;
  /** The method that applies, and who says so: the layer itself, the rule for the first or last layer, or the run. */
  weights?: MethodChoice;
  activation?: MethodChoice;
  methodFrom?: 'layer' | 'first-layer' | 'last-layer' | 'run';
  /** Shape facts of its kernel. */
  kernel?: WeightShape;
  /** Weights, bytes and multiply-accumulates; null: not known, which is not the same as none. */
  cost: LayerCost | null;
  /** As it stands in the resolved network; null where shapes are not known. */
  resolved: ResolvedLayer | null;
  problems: readonly ModelProblem[];
}

/** A network that is being edited, as far as it can be understood. */
export interface ModelInspection {
  name: string;
  inputShape: Shape | null;
  layers: readonly InspectedLayer[];
  /** Everything that is wrong, in the order of the layers; those of the whole come last. */
  problems: readonly ModelProblem[];
  /** Totals over the layers that are understood. */
  cost: CostReport;
  /** Whether the totals are those of the whole network. */
  complete: boolean;
  /** The network, exactly as a run would resolve it; null while anything is wrong. */
  model: ResolvedModel | null;
}

/** What a network is for, as far as it is known. */
export interface InspectionContext {
  classes?: number | undefined;
}
