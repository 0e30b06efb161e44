/** Our [height, width, channels] or [features] as ONNX has it for one sample: channels before the map. */
export function onnxShape(shape: readonly number[]): number[] {
  const [height, width, channels] = shape;
  return height !== undefined && width !== undefined && channels !== undefined
    ? [1, channels, height, width]
    : [1, ...shape];
}

/** Kernel [kh, kw, in, out] as [out, in, kh, kw]; a depthwise one is given with one input and its channels as outputs. */
export function onnxKernel(
  values: ArrayLike<number>,
  [kernelHeight, kernelWidth]: readonly [number, number],
  inputs: number,
  outputs: number,
): Float32Array {
  const result = new Float32Array(values.length);
  const taps = kernelHeight * kernelWidth;
  for (let tap = 0; tap < taps; tap++) {
    for (let input = 0; input < inputs; input++) {
      for (let output = 0; output < outputs; output++) {
        result[(output * inputs + input) * taps + tap] =
          values[(tap * inputs + input) * outputs + output] ?? 0;
      }
    }
  }
  return result;
}

/** One number per channel, to be broadcast over a value of this shape; all alike: a scalar. */
export function perChannel(
  values: Float32Array,
  shape: readonly number[],
): { dims: number[]; data: Float32Array } {
  if (values.length === 1 || values.every((value) => value === values[0])) {
    return { dims: [], data: values.slice(0, 1) };
  }
  return { dims: shape.length === 3 ? [1, values.length, 1, 1] : [1, values.length], data: values };
}
