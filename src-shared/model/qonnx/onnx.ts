/** An ONNX model as plain data: the part of the format that networks of layers need. No bytes, no protobuf. */
export interface OnnxModel {
  irVersion: number;
  producer: string;
  producerVersion: string;
  documentation: string;
  /** Version by domain; the standard operators are the domain ''. */
  opsets: Readonly<Record<string, number>>;
  metadata: Readonly<Record<string, string>>;
  graph: OnnxGraph;
}

export interface OnnxGraph {
  name: string;
  nodes: readonly OnnxNode[];
  initializers: readonly OnnxTensor[];
  inputs: readonly OnnxValue[];
  outputs: readonly OnnxValue[];
  /** Shapes of the values between. */
  values: readonly OnnxValue[];
}

export interface OnnxNode {
  name: string;
  type: string;
  domain: string;
  /** An empty name is an optional input that is left out. */
  inputs: readonly string[];
  outputs: readonly string[];
  attributes: Readonly<Record<string, OnnxAttribute>>;
}

/** `graph`: a subgraph, which no operator that is read here has. */
export type OnnxAttribute =
  | { kind: 'float' | 'integer'; value: number }
  | { kind: 'text'; value: string }
  | { kind: 'floats' | 'integers'; value: readonly number[] }
  | { kind: 'tensor'; value: OnnxTensor }
  | { kind: 'other' };

export interface OnnxTensor {
  name: string;
  dims: readonly number[];
  type: ElementType;
  /** Row-major. Null where the element type is not read, or the data lie in another file. */
  data: Float32Array | readonly number[] | null;
  /** The file that holds the data of this tensor. */
  external?: string;
}

/** A float is float32; the other element types only occur as small constants. */
export type ElementType = 'float' | 'int64' | 'int32' | 'double' | 'other';

/** A tensor's name and shape; null stands for a size that is left open. */
export interface OnnxValue {
  name: string;
  shape: readonly (number | null)[] | null;
}
