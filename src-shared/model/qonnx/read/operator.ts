import type { OnnxNode } from '../onnx.ts';
import type { Reader, ReadValue } from './reader.ts';

/** Turns a node into what its first output is. */
export type Operator = (reader: Reader, node: OnnxNode) => ReadValue;

/** The shortest decimal of a float32 number. */
export function rounded(value: number): number {
  for (let digits = 1; digits < 9; digits++) {
    const candidate = Number(value.toPrecision(digits));
    if (Math.fround(candidate) === Math.fround(value)) return candidate;
  }
  return value;
}
