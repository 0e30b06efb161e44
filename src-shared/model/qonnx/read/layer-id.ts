import type { OnnxNode } from '../onnx.ts';

/** Parts of a layer that Bitsmith writes as nodes of their own. */
const PARTS = new Set(['sum', 'scaled', 'mean', 'pixels', 'value']);

/** An id for a layer that a node becomes: the node's name as far as ids allow, else the kind; unique among `taken`. */
export function layerIdOf(node: OnnxNode, kind: string, taken: readonly string[]): string {
  const path = node.name.split('/').filter((part) => part !== '');
  const last = path.at(-1)?.toLowerCase() ?? '';
  if (path.length > 1 && (PARTS.has(last) || last === node.type.toLowerCase())) path.pop();
  const name = path
    .join('-')
    .toLowerCase()
    .replace(/[^a-z0-9_-]+/g, '-')
    .replace(/^[^a-z]+|-+$/g, '')
    .slice(0, 56);
  // Names such as Conv_3 are numbers that a tool gave, and say less than the kind.
  const numbered = /^(.*)_\d+$/.exec(name)?.[1] === node.type.toLowerCase();
  const base = name === '' || name === 'input' || numbered ? kind : name;
  if (!taken.includes(base)) return base;
  for (let i = 2; ; i++) if (!taken.includes(`${base}-${i}`)) return `${base}-${i}`;
}
