import type { PaddingChoice } from '../fields.ts';
import { shapeError } from '../kind.ts';
import type { LayerSpecBase } from '../types.ts';
import { explicitPadding, slideWindow, type WindowGeometry } from '../window.ts';

/**
 * Geometry of a layer's window over its input.
 *
 * @param noun what the window is called in messages: kernel or window
 * @throws BitsmithError `invalid-input` where it does not fit, or where a window could lie in the padding altogether
 */
export function layerWindow(
  spec: LayerSpecBase & { padding: PaddingChoice },
  noun: 'kernel' | 'window',
  [height, width]: readonly [number, number],
  window: readonly [number, number],
  strides: readonly [number, number],
  dilation: readonly [number, number] = [1, 1],
): WindowGeometry {
  const extent = window.map((size, axis) => (size - 1) * (dilation[axis] ?? 1) + 1);
  const [rows = 1, columns = 1] = extent;
  const sides = explicitPadding(spec.padding);
  if (sides && (Math.max(sides.top, sides.bottom) >= rows || Math.max(sides.left, sides.right) >= columns)) {
    throw shapeError(
      spec,
      `its padding must be smaller than its ${rows}×${columns} ${noun}, or a window would see nothing but padding`,
    );
  }
  const out = slideWindow([height, width], window, strides, dilation, spec.padding);
  if (out) return out;
  const dilated = Math.max(...dilation) > 1 ? ` with dilation ${dilation.join('×')}` : '';
  throw shapeError(
    spec,
    `a ${window.join('×')} ${noun}${dilated} does not fit into its ${height}×${width} input; ` +
      `use a smaller ${noun} or "padding": "same"`,
  );
}
