import { codesOf } from '../plan/form.ts';
import type { IntegerGraph, Interval } from '../ir/graph.ts';

/** A type of integers, named as in QONNX, and its bits. */
export interface NumberType {
  name: string;
  bits: number;
}

/** The narrowest type that holds all of these: BIPOLAR (-1, 1), BINARY (0, 1), TERNARY (-1, 0, 1), UINTn or INTn. */
export function typeOfCodes(codes: Iterable<number>): NumberType {
  const values = new Set(codes);
  const within = (...allowed: number[]) => [...values].every((code) => allowed.includes(code));
  if (values.has(-1) && within(-1, 1)) return { name: 'BIPOLAR', bits: 1 };
  if (within(0, 1)) return { name: 'BINARY', bits: 1 };
  if (within(-1, 0, 1)) return { name: 'TERNARY', bits: 2 };
  return typeOfInterval({ low: Math.min(...values), high: Math.max(...values) });
}

/** Two's complement for intervals with negative numbers. */
export function typeOfInterval({ low, high }: Interval): NumberType {
  const unsigned = (value: number) => Math.max(1, Math.ceil(Math.log2(value + 1)));
  if (low >= 0) return { name: `UINT${unsigned(high)}`, bits: unsigned(high) };
  const bits = Math.max(unsigned(-low - 1), unsigned(Math.max(high, 0))) + 1;
  return { name: `INT${bits}`, bits };
}

/** The type of a value of the graph: of its codes where they are known, else of its proven interval. */
export function typeOfValue(graph: IntegerGraph, name: string): NumberType {
  const codes = codesOf(graph, name);
  if (codes) return typeOfCodes(codes);
  const node = graph.nodes.find((candidate) => candidate.id === name);
  // The input, and what pooling and flattening leave of it, is read as bytes.
  return !node || node.type === 'u8' ? { name: 'UINT8', bits: 8 } : typeOfInterval(node.range);
}
