import { mapShape, type ConvNode } from '../ir/graph.ts';
import { packingOf } from './packing/registry.ts';
import type { PackingId } from './packing/types.ts';
import { packingsOf, type SlicedPlace, type Step } from './types.ts';

/** Functions of the runtime that sliced convolutions are handed: the loop that counts, and the decoder of their weights. */

/** Words of a tile for each tap, as `bs_tap_words_sliced` says. */
export function tapWords(
  node: ConvNode,
  { sliced, height, width }: Pick<SlicedPlace, 'sliced' | 'height' | 'width'>,
): 1 | 2 {
  if (sliced.planes === 2) return 2;
  const [rows, columns] = mapShape(node.shape);
  const { kernel, strides, dilation, padding } = node;
  const bottom = (rows - 1) * strides[0] + (kernel[0] - 1) * dilation[0] - padding.top;
  const right = (columns - 1) * strides[1] + (kernel[1] - 1) * dilation[1] - padding.left;
  const outside = padding.top > 0 || padding.left > 0 || bottom >= height || right >= width;
  return sliced.low === -1 && !node.outside && outside ? 2 : 1;
}

/** Whether sliced convolutions read a packing where it lies, without a decoder. */
export function isWalked(packing: PackingId): boolean {
  return packing === 'steps';
}

/** The loop that counts the entries of a tile. */
export function counterOf(
  node: ConvNode,
  from: Pick<SlicedPlace, 'sliced' | 'height' | 'width'>,
  packing: PackingId,
  kernel?: string,
): string {
  const form = tapWords(node, from) === 2 ? 'ternary' : 'binary';
  return `bs_count_${form}${isWalked(packing) ? '_steps' : ''}${kernel?.endsWith('_mve') ? '_mve' : ''}`;
}

/** What a step's kernels call through pointers. */
export function handedOn(step: Step): string[] {
  const decoders = (walks: boolean) =>
    packingsOf(step)
      .filter((id) => !(walks && isWalked(id)))
      .map((id) => packingOf(id).decoder);
  switch (step.kind) {
    case 'conv2d-sliced':
      return [counterOf(step.node, step.from, step.packed.packing, step.kernel), ...decoders(true)];
    case 'conv2d-totals': {
      if (step.scratch.kind !== 'sliced') return decoders(false);
      const counters = step.levels.flatMap(({ window, packed }) => {
        const read = step.windows[window];
        return read ? [counterOf(read.node, read.from as SlicedPlace, packed.packing)] : [];
      });
      return [...counters, ...decoders(true)];
    }
    default:
      return decoders(false);
  }
}
