import { featureValue, type InputFeature } from '#shared/dataset/features.ts';

/** The raw values of one column of a sample, from its bytes. Pure. */
export function columnValues(bytes: Uint8Array, features: readonly InputFeature[], column: number): number[] {
  const feature = features[column];
  const rows = Math.floor(bytes.length / features.length);
  return Array.from({ length: feature ? rows : 0 }, (_, row) =>
    featureValue(feature!, bytes[row * features.length + column] ?? 0),
  );
}

/** The points of a curve over a box of this size, its least value at the bottom. */
export function curvePoints(values: readonly number[], width: number, height: number): string {
  const low = Math.min(...values);
  const span = Math.max(...values) - low || 1;
  const step = values.length > 1 ? width / (values.length - 1) : 0;
  return values
    .map((value, i) => `${(i * step).toFixed(1)},${(height - ((value - low) / span) * height).toFixed(1)}`)
    .join(' ');
}
