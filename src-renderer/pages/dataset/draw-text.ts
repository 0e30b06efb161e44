import type { Augmentation, AugmentationDraw } from '#shared/dataset/augmentation.ts';

/** Where the picture went, in words: cut out further down and to the right, it moves up and to the left. */
export function drawText({ top, left, flip }: AugmentationDraw, { pad }: Augmentation): string {
  // Mirrored afterwards: what had moved to the right has moved to the left.
  const across = flip ? left - pad : pad - left;
  const moved = [side(pad - top, 'down', 'up'), side(across, 'right', 'left')].filter((part) => part !== '');
  return [moved.join(' ') || 'in place', ...(flip ? ['mirrored'] : [])].join(', ');
}

function side(pixels: number, positive: string, negative: string): string {
  return pixels === 0 ? '' : `${Math.abs(pixels)} ${pixels > 0 ? positive : negative}`;
}
