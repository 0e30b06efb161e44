import type { z } from 'zod';
import type { RandomStream } from '../base/random.ts';
import type { TF, Tensor } from '../base/tensorflow.ts';

/** What a method can quantize. A configuration names the weight method and the activation method separately. */
export type Quantizes = 'weights' | 'activations';

/** The one-page description from which the window's forms, `bitsmith methods` and the documentation are derived. */
export interface MethodCard {
  /** Stable kebab-case id: never changed once shipped. */
  id: string;
  title: string;
  /** One sentence: what it does and what it is good for. */
  sentence: string;
  quantizes: readonly Quantizes[];
  /** Bits per weight and per activation as deployed; 32 is "left in floating point". */
  bits: { weights?: number; activations?: number };
  /** Equations as plain text, one line each. */
  forward: readonly string[];
  gradient: readonly string[];
  paper?: { title: string; authors: string; year: number; venue: string; url: string };
  /** Where this implementation departs from the paper, and why. */
  departures: readonly string[];
}

/** Shape facts of the layer whose weights are quantized. Kernels are stored with output channels last. */
export interface WeightShape {
  /** conv2d: [kh, kw, cin, cout]; depthwise: [kh, kw, channels, 1]; dense: [inputs, units]. */
  shape: readonly number[];
  /** Number of output filters (depthwise: channels). */
  filters: number;
  /** Weights per filter. */
  fanIn: number;
  /** Which axis of `shape` runs over the filters. */
  filterAxis: number;
}

/**
 * The deployment form of a weight tensor: W = Σ_level scale[level][filter] · codes[level].
 * One level for binary, ternary and int-n; several for residual methods; two for methods with one scale per sign.
 */
export interface DeployedWeights {
  levels: readonly WeightLevel[];
  /** The weights as they are where a method leaves them in floating point; then `levels` is empty. */
  float?: Float32Array;
}
export interface WeightLevel {
  /** Same element order as the kernel (row-major of `WeightShape.shape`); |code| ≤ 127. */
  codes: Int8Array;
  /** One entry (whole layer) or one per filter. float32 values. */
  scale: Float32Array;
}

/**
 * The deployment form of an activation quantizer: a staircase of float32 thresholds.
 * y below the first threshold gives codes[0]; each threshold that y passes moves one code up.
 * `inclusive[i]`: y ≥ thresholds[i] passes (else y > thresholds[i]). The real value is scale · code.
 */
export interface Staircase {
  thresholds: readonly number[];
  inclusive: readonly boolean[];
  codes: readonly number[];
  scale: number;
  /**
   * Further terms of the value, for levels that are no multiples of one scale (residual levels, learned bases):
   * value at step i = scale · codes[i] + Σ_more more.scale · more.codes[i].
   */
  more?: readonly { codes: readonly number[]; scale: number }[];
}

/** A variable that a method or layer owns beside the kernel. Named `<layer>/<name>` in checkpoints. */
export interface VariableSpec {
  name: string;
  shape: readonly number[];
  /** Trainable variables get a gradient and optimizer slots; the others are state (running statistics). */
  trainable: boolean;
  /** Subject to weight decay (kernels are; scales, thresholds and batch norm are not). */
  decay: boolean;
  /** Its learning rate as a multiple of the run's; absent: 1. */
  rate?: number;
  /** Its gradient is clamped to [−bound, bound], element by element, before the optimizer sees it. */
  gradientBound?: number;
  /** Updated in a forward and backward pass of its own, before all other variables of the step (TGA's thresholds). */
  first?: boolean;
  initial:
    | { kind: 'constant'; value: number }
    | { kind: 'he-normal' | 'glorot-uniform'; fanIn: number; fanOut: number }
    | { kind: 'normal'; deviation: number }
    | { kind: 'uniform'; limit: number };
}

/** What a tensor form may use besides its input. Noise enters as a tensor: the step stays pure. */
export interface MethodContext {
  tf: TF;
  /**
   * The layer's variables by their short names. Where the network is pruned, `mask` is among them (the kernel's shape,
   * 1 or 0); `quantize` then gets the masked kernel, and its statistics must be those of the weights that remain. What
   * it returns is masked once more by the caller, so that a code 0 is added to binary methods.
   */
  variables: Record<string, Tensor>;
  /** Uniform in [0, 1), of the kernel's or input's shape, drawn for this step; present where `noise` asks for it. */
  noise?: Tensor;
  /** New value of a state variable (a running statistic), assigned after the step. */
  update(name: string, value: Tensor): void;
}

export interface WeightForm<P> {
  /** Bits per deployed weight with these parameters, where they decide it; absent: those of the card. */
  bits?(parameters: P): number;
  /** Extra variables for a layer of this shape (trained scales, thresholds …). Absent: none. */
  variables?(shape: WeightShape, parameters: P): VariableSpec[];
  /** Initial values that depend on the kernel's: of the variables above by name, and of the `kernel` itself. */
  initialize?(
    kernel: Float32Array,
    shape: WeightShape,
    parameters: P,
    random: RandomStream,
  ): Record<string, Float32Array>;
  /**
   * Number of equally spaced states in [−1, 1] where the kernel itself is always in one of them: training then keeps a
   * few bits per weight instead of a float. Absent or null: a latent kernel of floats.
   */
  states?(parameters: P): number | null;
  /**
   * New values of variables, and of the `kernel`, at the start of an epoch: for stages that no gradient reaches.
   *
   * @param progress share of the run's epochs that is done, 0 … below 1; 1 once after the last epoch
   */
  refresh?(
    kernel: Float32Array,
    shape: WeightShape,
    parameters: P,
    variables: Record<string, Float32Array>,
    progress: number,
  ): Record<string, Float32Array>;
  /** Whether each step needs noise of the kernel's shape. */
  noise?(parameters: P): boolean;
  /** Quantized weights with the method's own gradient; `latent` and result have the kernel's shape. */
  quantize(latent: Tensor, shape: WeightShape, parameters: P, context: MethodContext): Tensor;
  /** A scalar that is added to the loss. */
  regularize?(latent: Tensor, shape: WeightShape, parameters: P, context: MethodContext): Tensor;
  /**
   * The weights after an optimizer step, from what the optimizer proposes and what was before: clipped to [−1, 1], say,
   * or moved between discrete states. Absent: the proposal.
   */
  settle?(
    proposed: Tensor,
    before: Tensor,
    shape: WeightShape,
    parameters: P,
    context: MethodContext,
  ): Tensor;
  /**
   * Deployment form from plain numbers; equals `quantize` up to float32 rounding of the scale. `variables.mask` as in
   * `quantize`: `latent` is masked already and the caller masks the codes.
   */
  deploy(
    latent: Float32Array,
    shape: WeightShape,
    parameters: P,
    variables: Record<string, Float32Array>,
  ): DeployedWeights;
}

export interface ActivationForm<P> {
  /** Bits per deployed activation with these parameters, where they decide it; absent: those of the card. */
  bits?(parameters: P): number;
  /** Extra variables of the layer. Absent: none. */
  variables?(parameters: P): VariableSpec[];
  /** Whether each step needs noise of the input's shape. */
  noise?(parameters: P): boolean;
  /**
   * Values of variables from the inputs that the layer gets with the first batch, [batch, …] flattened. Called once,
   * before the first step in which activations are quantized.
   */
  calibrate?(inputs: Float32Array, parameters: P): Record<string, Float32Array>;
  /** Quantized activations with the method's own gradient; same shape as `x`. */
  quantize(x: Tensor, parameters: P, context: MethodContext): Tensor;
  /**
   * True where training takes statistics of the batch at hand and deployment running averages of them: then deployed
   * and trained values differ a little, and the accuracy is that of the deployed form.
   */
  dynamic?: boolean;
  /** Deployment form; null where activations stay in floating point, so that the layer cannot be lowered. */
  deploy(parameters: P, variables: Record<string, Float32Array>): Staircase | null;
}

/** The plain function that the window draws: value and slope (the surrogate derivative used in training). */
export interface ScalarCurve<P> {
  value(x: number, parameters: P): number;
  slope(x: number, parameters: P): number;
  /** For what it is drawn, where a layer decides its scale: `in units of the step`. Absent: x and value as they are. */
  drawn?: string;
}

/** Parameters of one side as a schema with defaults. */
export type ParameterSchema = z.ZodObject<z.core.$ZodLooseShape, z.core.$strict>;

/** One side of a method: what it does to weights, or to activations. Made by `weightSide` and `activationSide`. */
export interface WeightSide {
  parameters: ParameterSchema;
  form: WeightForm<unknown>;
  curve: ScalarCurve<unknown>;
}
export interface ActivationSide {
  parameters: ParameterSchema;
  form: ActivationForm<unknown>;
  curve: ScalarCurve<unknown>;
}

/** Everything about one method: one folder, one line in the registry. */
export interface Method {
  card: MethodCard;
  weights?: WeightSide;
  activations?: ActivationSide;
}
