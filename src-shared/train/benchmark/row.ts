/** What one pair of methods achieves on one back end: a row of `bitsmith bench`. */
export interface BenchmarkRow {
  device: string;
  deviceName: string;
  network: string;
  weights: string;
  activations: string;
  batchSize: number;
  stepsPerSecond: number;
  samplesPerSecond: number;
  /** Seconds per step against those of full precision, measured in turns. */
  ratio: number;
  /** Forward passes through each convolution in one step. */
  convolutions: number;
}
