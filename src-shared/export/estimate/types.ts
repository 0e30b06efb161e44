import type { SoundFeatures } from '../../dataset/sound/spec.ts';
import type { ModelProblem } from '../../model/inspect/types.ts';
import type { TrainingPlan } from '../../train/plan.ts';
import type { PlanOptions } from '../plan/options.ts';
import type { TargetId } from '../targets/types.ts';

/** What a network is deployed on, and how. */
export interface EstimateOptions {
  target: TargetId;
  /** Objective, kernels and packings of single layers, as for an export; absent: balanced. */
  plan?: Partial<PlanOptions> | undefined;
  /** How it is trained: with pruning, its zeros are those of the masks at the end. */
  training?: TrainingPlan | undefined;
  /** The front end of a data set of sound, which the firmware carries; absent: the input is no sound. */
  sound?: SoundFeatures | undefined;
}

/**
 * How a number is known. `exact`: the planner's own, and the same whatever the weights are; `data`: the planner's own for
 * weights drawn at random, from which trained ones differ; `fitted`: from code of the kernels that was measured before.
 */
export type Certainty = 'exact' | 'data' | 'fitted';

/** One layer of the network as the firmware computes it. */
export interface LayerEstimate {
  /** Id of the layer of the specification. */
  id: string;
  /** Bytes of flash of its tables: weights, thresholds, multipliers. */
  flashBytes: number;
  /** `data` where its weights lie in a packing whose size depends on them. */
  flashCertainty: 'exact' | 'data';
  /** Bytes of the arena for its value and for the work besides; 0 where another layer's step computes it. */
  valueBytes: number;
  scratchBytes: number;
  /** The layer with whose value its step ends: itself, or the activation that a convolution is computed with. */
  computedBy: string;
  kernel: string;
  packing: string;
  macs: number;
  /** Instructions of one inference on a Cortex-M4, by the planner's laws; null where it has none (no weights). */
  instructions: number | null;
}

export interface MemoryEstimate {
  /** Tables of the network. */
  tables: number;
  /** Code of the kernels that it uses, with what they call of the compiler's library. */
  kernels: number;
  /** The network's own code, its sequence of calls, with their constants and the start-up code. */
  network: number;
  /** Everything in flash, start-up code included. */
  flash: number;
  arena: number;
  /** Of one inference, at most. */
  stack: number;
  /** Everything in RAM, the stack included. */
  ram: number;
}

/** What the front end of a network that hears adds. */
export interface FrontEndEstimate {
  /** E.g. `40 log-mel bands, 30 ms every 20 ms, 16000 Hz`. */
  description: string;
  /** Constants, exactly as they are exported. */
  tables: number;
  /** Code, without what the network needs anyway. */
  code: number;
  /** Both. */
  flash: number;
  /** Working memory of a frame. */
  scratch: number;
  /** What of it does not lie in the arena, which serves for it where it is large enough. */
  ram: number;
}

/** What a network would take of a microcontroller. */
export interface DeploymentEstimate {
  target: TargetId;
  layers: readonly LayerEstimate[];
  /** Null where the input is no sound. */
  frontEnd: FrontEndEstimate | null;
  /** Flash, stack and RAM are with the front end. */
  total: MemoryEstimate & { macs: number; instructions: number };
  certainty: Readonly<Record<keyof MemoryEstimate, Certainty>>;
}

/** A network that can be deployed, or why not. */
export type EstimateResult =
  { ok: true; estimate: DeploymentEstimate } | { ok: false; problems: readonly ModelProblem[] };

/** A memory against its budget. */
export interface BudgetUse {
  used: number;
  /** Null: no limit is known. */
  budget: number | null;
  /** Bytes left; negative: missing. Null without a budget. */
  left: number | null;
}

/** Whether a network fits a part. */
export interface FitVerdict {
  /** Null where the part has no known memories. */
  fits: boolean | null;
  flash: BudgetUse;
  ram: BudgetUse;
  /** One sentence, e.g. `fits STM32F401RE: 231 KiB of flash and 81 KiB of RAM left`. */
  sentence: string;
}
