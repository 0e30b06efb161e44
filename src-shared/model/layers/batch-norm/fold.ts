/**
 * Batch normalisation with running statistics as one multiplication and one addition per channel, in float32:
 * factor = γ / √(σ² + ε), offset = β − μ · factor, each operation rounded once. Training evaluates with these very
 * vectors and the exporter derives its integer thresholds from them, so both agree to the last bit.
 */
export function foldBatchNorm(
  gamma: Float32Array,
  beta: Float32Array,
  mean: Float32Array,
  variance: Float32Array,
  epsilon: number,
): { factor: Float32Array; offset: Float32Array } {
  const fl = Math.fround;
  const factor = gamma.map((g, c) => fl(g / fl(Math.sqrt(fl((variance[c] ?? 0) + fl(epsilon))))));
  const offset = beta.map((b, c) => fl(b - fl((mean[c] ?? 0) * (factor[c] ?? 0))));
  return { factor, offset };
}
