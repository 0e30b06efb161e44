import { constantNode } from './constants.ts';
import { dropout, globalAverage, pad, pool, reduceMean, slice } from './map-operators.ts';
import type { Operator } from './operator.ts';
import { end, flatten, reshape, same, squeeze, transpose } from './shape-operators.ts';
import { add, clip, float, quant, scale, subtract } from './value-operators.ts';
import { batchNorm, conv, gemm, matMul } from './weighted-operators.ts';

/** Standard operators by name. */
export const OPERATORS: Readonly<Record<string, Operator>> = {
  Add: add,
  AveragePool: pool('average-pool'),
  ArgMax: end,
  BatchNormalization: batchNorm,
  Clip: clip,
  Constant: constantNode,
  Conv: conv,
  Div: scale,
  Dropout: dropout,
  Flatten: flatten,
  Gemm: gemm,
  GlobalAveragePool: globalAverage,
  Identity: same,
  LogSoftmax: end,
  MatMul: matMul,
  MaxPool: pool('max-pool'),
  Mul: scale,
  Pad: pad,
  ReduceMean: reduceMean,
  Relu: float('relu'),
  Reshape: reshape,
  Slice: slice,
  Softmax: end,
  Squeeze: squeeze,
  Sub: subtract,
  Tanh: float('tanh'),
  TopK: end,
  Transpose: transpose,
};

/** Operators of the QONNX domain by name. */
export const QONNX_OPERATORS: Readonly<Record<string, Operator>> = {
  BipolarQuant: quant,
  IntQuant: quant,
  MultiThreshold: quant,
  Quant: quant,
};
