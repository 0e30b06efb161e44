import type { backend_util, TensorInfo } from '@tensorflow/tfjs-core';
import { explicitPad, insertZeros, type Call } from './call.ts';

/**
 * The output gradient made ready for the transposed convolution: zeros between its pixels where the stride is above 1,
 * and the padding that brings a stride-1 convolution with the flipped kernel back to the input's size.
 */
export function fullWindow(call: Call, dy: TensorInfo, info: backend_util.Conv2DInfo) {
  const { strideHeight, strideWidth, padInfo } = info;
  const extentH = (info.filterHeight - 1) * info.dilationHeight;
  const extentW = (info.filterWidth - 1) * info.dilationWidth;
  let spread = insertZeros(call, dy, [strideHeight, strideWidth]);
  const [b = 1, h = 1, w = 1, c = 1] = spread.shape;
  const top = extentH - padInfo.top;
  const left = extentW - padInfo.left;
  const bottom = info.inHeight + extentH - h - top;
  const right = info.inWidth + extentW - w - left;
  if (bottom < 0 || right < 0) {
    const size = [b, h + Math.min(bottom, 0), w + Math.min(right, 0), c];
    spread = call('Slice', { x: spread }, { begin: [0, 0, 0, 0], size });
  }
  return { x: spread, pad: explicitPad(top, Math.max(bottom, 0), left, Math.max(right, 0)) };
}
