import { smallConfig, smallTrainer } from './small-run.ts';
import { tf } from './tensorflow.ts';

/** Test accuracy (deployment form) of a small network after a short run on the samples with a bright corner. */
export async function smallAccuracy(
  quantization: Record<string, unknown>,
  training: Record<string, unknown> = {},
  seed = 1,
): Promise<number> {
  const config = smallConfig({
    seed,
    quantization,
    training: { epochs: 8, batchSize: 20, learningRate: 0.02, ...training },
  });
  const trainer = smallTrainer(tf, { config });
  trainer.prepare();
  let accuracy = 0;
  for await (const event of trainer.run()) if (event.type === 'ended') accuracy = event.accuracy ?? 0;
  trainer.dispose();
  return accuracy;
}
