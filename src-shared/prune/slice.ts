/**
 * The part of a row-major array that lies at the kept indices of each axis.
 *
 * @param kept indices per axis, ascending; null: the whole axis
 */
export function sliceAxes(
  data: Float32Array,
  shape: readonly number[],
  kept: readonly (readonly number[] | null)[],
): Float32Array {
  const axes = shape.map((extent, axis) => kept[axis] ?? Array.from({ length: extent }, (_, i) => i));
  const strides = shape.map((_, axis) =>
    shape.slice(axis + 1).reduce((product, extent) => product * extent, 1),
  );
  const result = new Float32Array(axes.reduce((product, { length }) => product * length, 1));
  let at = 0;
  const walk = (axis: number, offset: number): void => {
    const indices = axes[axis];
    if (!indices) {
      result[at++] = data[offset] ?? 0;
      return;
    }
    for (const i of indices) walk(axis + 1, offset + i * (strides[axis] ?? 1));
  };
  walk(0, 0);
  return result;
}
