import type { IntegerGraph, IntegerNode, ThresholdNode } from '../ir/graph.ts';
import type { SlicedForm, SlicedThresholds } from './types.ts';

/** Codes that a node's value can have where they are few and known; else undefined. */
export function codesOf(graph: Pick<IntegerGraph, 'nodes'>, name: string): readonly number[] | undefined {
  const node = graph.nodes.find((candidate) => candidate.id === name);
  switch (node?.kind) {
    case 'threshold':
    case 'lookup':
      return node.codes;
    case 'max-pool':
    case 'flatten':
      return node.type === 'i8' ? codesOf(graph, node.inputs[0] ?? '') : undefined;
    default:
      return undefined;
  }
}

/** How codes lie in bit planes: undefined where any of them is not -1, 0 or +1. */
export function slicedForm(codes: readonly number[] | undefined): SlicedForm | undefined {
  if (!codes || codes.some((code) => code !== -1 && code !== 0 && code !== 1)) return undefined;
  const negative = codes.includes(-1);
  if (negative && codes.includes(0)) return { planes: 2, low: 0 };
  return { planes: 1, low: negative ? -1 : 0 };
}

/** Whether every channel rises, and with it the code: then pooling and thresholds may change places. */
export function ascends({ direction, codes }: ThresholdNode): boolean {
  return (
    direction.every((sign) => sign > 0) &&
    codes.every((code, index) => index === 0 || code >= (codes[index - 1] ?? code))
  );
}

/** Sums lie in -32766 … 32766: then these two are below, and above, all of them. */
const NEVER_REACHED = 32_767;
const ALWAYS_REACHED = -32_767;
export const WIDEST_SUM = 32_766;

/**
 * Thresholds of a node as the sliced kernels compare them: code +1 where sum ≥ high, -1 where sum < low.
 *
 * @param node rising, with ascending codes in -1, 0, +1
 */
export function slicedThresholds(
  { codes, steps, values, direction }: Pick<ThresholdNode, 'codes' | 'steps' | 'values' | 'direction'>,
  form: SlicedForm,
): SlicedThresholds {
  const channels = direction.length;
  const at = (channel: number, step: number): number => {
    if (step < 0) return ALWAYS_REACHED;
    const value = step < steps ? (values[channel * steps + step] ?? NEVER_REACHED) : NEVER_REACHED;
    return Math.min(NEVER_REACHED, Math.max(ALWAYS_REACHED, value));
  };
  const firstHigh = codes.indexOf(1);
  const lastLow = codes.lastIndexOf(-1);
  const high = Int16Array.from({ length: channels }, (_, channel) =>
    firstHigh < 0 ? NEVER_REACHED : at(channel, firstHigh - 1),
  );
  if (form.planes === 1) return { variants: 1, high };
  const low = Int16Array.from({ length: channels }, (_, channel) =>
    lastLow < 0 ? ALWAYS_REACHED : at(channel, lastLow),
  );
  return { variants: 1, high, low };
}

/** Whether the totals kernels can write these codes as planes: they count thresholds and know the codes by their number. */
export function countsAsPlanes({ codes }: Pick<ThresholdNode, 'codes'>): boolean {
  return ['-1,1', '0,1', '-1,0,1'].includes(codes.join(','));
}

/** Nodes between which and the given one lie only operations that keep codes: pooling and flattening. */
export function readersThrough(
  consumers: ReadonlyMap<string, readonly IntegerNode[]>,
  name: string,
): IntegerNode[] {
  return (consumers.get(name) ?? []).flatMap((reader) =>
    reader.kind === 'max-pool' || reader.kind === 'flatten'
      ? [reader, ...readersThrough(consumers, reader.id)]
      : [reader],
  );
}
