/**
 * How a raw value of one input channel becomes the byte that the network reads. Firmware must come to the same byte, so
 * everything is float32 with one rounding per operation, in this order:
 *   t = fl(fl(value − minimum) · scale),  scale = fl(255 / fl(maximum − minimum))
 *   byte = 0 for t ≤ 0 (and for what is no number), 255 for t ≥ 255, else ⌊t⌋, or one more where t − ⌊t⌋ ≥ 0.5
 */
export interface InputFeature {
  name: string;
  /** Float32 values; the maximum is greater. */
  minimum: number;
  maximum: number;
}

/** A feature over a range. A range without width is widened, so that a constant column is the byte 0. */
export function inputFeature(name: string, minimum: number, maximum: number): InputFeature {
  const low = Math.fround(minimum);
  const high = Math.fround(maximum);
  if (high > low) return { name, minimum: low, maximum: high };
  return { name, minimum: low, maximum: Math.fround(low + Math.max(1, Math.abs(low) * 2 ** -20)) };
}

/** Bytes per unit of the raw value. */
export function featureScale({ minimum, maximum }: InputFeature): number {
  return Math.fround(255 / Math.fround(maximum - minimum));
}

/** A function from raw values to bytes; `clamped` says whether a value lay outside the range. */
export function quantizer(feature: InputFeature): (value: number) => number {
  const { minimum } = feature;
  const scale = featureScale(feature);
  return (value) => {
    const t = Math.fround(Math.fround(Math.fround(value) - minimum) * scale);
    if (!(t > 0)) return 0;
    if (t >= 255) return 255;
    const whole = Math.floor(t);
    return t - whole >= 0.5 ? whole + 1 : whole;
  };
}

/** Whether a value lies outside the range and is thus changed by more than rounding. */
export function isClamped({ minimum, maximum }: InputFeature, value: number): boolean {
  const given = Math.fround(value);
  return !(given >= minimum && given <= maximum);
}

/** The raw value that a byte stands for. */
export function featureValue({ minimum, maximum }: InputFeature, byte: number): number {
  return minimum + ((maximum - minimum) * byte) / 255;
}
