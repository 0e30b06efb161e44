import { hash32, philox4x32 } from '../base/random.ts';
import type { DatasetChoice } from './choice.ts';

export type Augmentation = DatasetChoice['augmentation'];

/** Where a sample is cut out of its padded form (0 … 2·pad each way), and whether it is mirrored. */
export interface AugmentationDraw {
  top: number;
  left: number;
  flip: boolean;
}

const STREAM = hash32('augmentation');
const words = new Uint32Array(4);

/**
 * The random choice for one sample in one epoch. It depends on (seed, epoch, sample) alone, neither on the batch nor on
 * the order: one Philox block with the sample and the epoch as its counter.
 *
 * @param sample index into the installed training set
 */
export function drawAugmentation(
  { pad, flip }: Augmentation,
  seed: number,
  epoch: number,
  sample: number,
): AugmentationDraw {
  philox4x32(
    [sample >>> 0, epoch >>> 0, 0, 0],
    [seed >>> 0, (STREAM ^ Math.floor(seed / 4294967296)) >>> 0],
    words,
  );
  const places = 2 * pad + 1;
  return {
    top: Math.floor((words[0]! / 4294967296) * places),
    left: Math.floor((words[1]! / 4294967296) * places),
    flip: flip && words[2]! >= 0x80000000,
  };
}

export function isIdentity({ pad, flip }: Augmentation): boolean {
  return pad === 0 && !flip;
}
