import type { OnnxAttribute, OnnxNode } from '../onnx.ts';

/** The attribute as a number. */
export function numberOf(node: OnnxNode, name: string, fallback: number): number {
  const found: OnnxAttribute | undefined = node.attributes[name];
  return found?.kind === 'integer' || found?.kind === 'float' ? found.value : fallback;
}

export function integersOf(node: OnnxNode, name: string): readonly number[] | undefined {
  const found: OnnxAttribute | undefined = node.attributes[name];
  return found?.kind === 'integers' ? found.value : undefined;
}

export function textOf(node: OnnxNode, name: string, fallback: string): string {
  const found: OnnxAttribute | undefined = node.attributes[name];
  return found?.kind === 'text' ? found.value : fallback;
}
