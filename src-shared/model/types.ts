import type { z } from 'zod';
import type { TF, Tensor } from '../base/tensorflow.ts';
import type { TrainedNode } from '../export/trained-graph.ts';
import type { MethodChoice } from '../quant/registry.ts';
import type { DeployedWeights, VariableSpec, WeightShape } from '../quant/types.ts';

/** Shape of a value without the batch axis: [height, width, channels] or [features]. */
export type Shape = readonly number[];

/** What every layer of a specification has. `inputs` absent: the layer before it (or the network's input). */
export interface LayerSpecBase {
  id: string;
  kind: string;
  inputs?: string[] | undefined;
}

/** A layer of a resolved network: shapes inferred, methods assigned. */
export interface ResolvedLayer<S extends LayerSpecBase = LayerSpecBase> {
  spec: S;
  inputs: readonly string[];
  inputShapes: readonly Shape[];
  shape: Shape;
  /** The weight method, for layers with a kernel. */
  weights?: MethodChoice;
  /** The activation method, for activation layers. */
  activation?: MethodChoice;
  /** Present where a mask prunes its kernel; layers with the same `coupling` share the mask of their channels. */
  pruned?: { coupling?: string };
  /** Bits of the values that enter (8 for raw samples, 32 for floating point). */
  inputBits: number;
  outputBits: number;
}

/** What a layer's training form may use besides its inputs. */
export interface LayerContext {
  tf: TF;
  /** This layer's variables by their short names. */
  variables: Record<string, Tensor>;
  /** This layer's uniform noise in [0, 1), drawn for this step; present where `noise` asks for it. */
  noise?: Tensor;
  /** The network as it is used, not trained: no dropout, running statistics instead of those of the batch. */
  inference?: boolean;
  /** A scalar: 1 where batch norm keeps its running statistics and uses them, 0 where not. Absent: 0. */
  frozen?: Tensor;
  /** New value of a state variable (running statistics); assigned after the step. */
  update(name: string, value: Tensor): void;
  /** The layer's weights through its method. */
  quantizedKernel(): Tensor;
  /** The input through the activation method. */
  quantizedActivation(x: Tensor): Tensor;
}

/** Numbers of a trained layer, for its integer meaning. */
export interface TrainedValues {
  /** The kernel through its method, for layers that have one. */
  deployed?: DeployedWeights;
  variables: Record<string, Float32Array>;
}

/**
 * One kind of layer: its folder holds the schema of its specification, the shape rule, the cost rule, the training form
 * and its meaning in the trained graph (from which the integer graph is made).
 */
export interface LayerKind<S extends LayerSpecBase = LayerSpecBase> {
  kind: S['kind'];
  title: string;
  schema: z.ZodObject<z.core.$ZodLooseShape, z.core.$strict>;
  /** Number of inputs it takes: exactly, or at least two for `add`. */
  arity: 1 | 'two or more';
  /** @throws BitsmithError `invalid-input` naming the layer and what does not fit */
  inferShape(spec: S, inputs: readonly Shape[]): Shape;
  /** Shape facts of the kernel, for layers whose weights a method quantizes. */
  kernel?(spec: S, inputs: readonly Shape[]): WeightShape;
  /** Bits of its values as deployed, from those of its input; absent: the same, or what its method says. */
  bits?(inputBits: number): number;
  /** Variables besides the kernel. */
  variables?(spec: S, inputs: readonly Shape[]): VariableSpec[];
  /** Floating-point numbers that deployment keeps besides the kernel; absent: the trainable variables. */
  deployedFloats?(spec: S, inputs: readonly Shape[]): number;
  /** Multiply-accumulates for one sample. */
  macs?(spec: S, inputs: readonly Shape[], output: Shape): number;
  /** Shape (without batch) of the noise that a training step needs. */
  noise?(spec: S, inputs: readonly Shape[]): Shape;
  /** Training form; inputs and output carry the batch axis first. */
  forward(layer: ResolvedLayer<S>, inputs: readonly Tensor[], context: LayerContext): Tensor;
  /** Meaning in the trained graph; null where the layer vanishes at inference (dropout). */
  trained(layer: ResolvedLayer<S>, values: TrainedValues): TrainedNode | null;
}
