import type { LayerKind } from '../types.ts';
import { activation } from './activation/index.ts';
import { add } from './add/index.ts';
import { averagePool } from './average-pool/index.ts';
import { batchNorm } from './batch-norm/index.ts';
import { conv2d } from './conv2d/index.ts';
import { dense } from './dense/index.ts';
import { depthwiseConv2d } from './depthwise-conv2d/index.ts';
import { dropout } from './dropout/index.ts';
import { flatten } from './flatten/index.ts';
import { globalAveragePool } from './global-average-pool/index.ts';
import { maxPool } from './max-pool/index.ts';
import { shortcutA } from './shortcut-a/index.ts';

/** Every kind of layer. A new one: its folder here, and one line in this list. */
export const LAYER_KINDS: readonly LayerKind[] = [
  conv2d,
  depthwiseConv2d,
  dense,
  batchNorm,
  maxPool,
  averagePool,
  globalAveragePool,
  add,
  shortcutA,
  flatten,
  dropout,
  activation,
];

/** @throws RangeError for a kind that no schema would have let through */
export function layerKindOf(kind: string): LayerKind {
  const found = LAYER_KINDS.find((candidate) => candidate.kind === kind);
  if (!found) throw new RangeError(`no layer kind ${kind}`);
  return found;
}
