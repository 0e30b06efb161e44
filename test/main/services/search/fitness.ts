/** How the fake trainer behaves: JSON in the `notes` of a run configuration. */
export interface Behaviour {
  /** Milliseconds per epoch. */
  pace?: number;
  /** Its process is killed in epoch 2 of a fresh start, or whenever it begins. */
  crashes?: 'once' | 'always';
}

/** What the fake trainer reads of a run configuration. */
export interface FakeRunConfig {
  notes: string;
  training: { epochs: number; batchSize: number; learningRate: { value: number } };
}

/**
 * The validation accuracy that the fake trainer reports: highest for a learning rate of 0.1 and a batch of 20, rising with
 * the epochs. A rate of 1 or more diverges.
 */
export function accuracyOf({ training }: FakeRunConfig, epoch: number): number | null {
  const { learningRate, batchSize } = training;
  if (learningRate.value >= 1) return null;
  const quality = 0.95 - Math.abs(Math.log10(learningRate.value) + 1) / 5 - Math.abs(batchSize - 20) / 200;
  return quality * (1 - 0.5 / (1 + epoch));
}
