import type { TF } from '../../base/tensorflow.ts';
import type { MethodPair } from '../../quant/pairs.ts';
import { syntheticRun, type BenchmarkNetwork } from './synthetic-trainer.ts';

export interface MemoryWatch {
  /** Tensors alive after the first step that counts, and after the last. */
  tensorsFirst: number;
  tensorsLast: number;
  /** Bytes of those tensors. */
  bytesFirst: number;
  bytesLast: number;
}

/**
 * Trains for `warmUp + steps` steps as a run does, and looks at what is alive on the back end after the warm-up and at the
 * end.
 *
 * @param look called at both moments, for what the caller wants to know of the process
 */
export async function watchMemory(
  tf: TF,
  network: BenchmarkNetwork,
  pair: MethodPair,
  { warmUp = 3, steps = 20 } = {},
  look: () => void = () => undefined,
): Promise<MemoryWatch> {
  const { trainer } = syntheticRun(tf, network, pair, warmUp + steps + 1);
  trainer.prepare();
  try {
    const result = { tensorsFirst: 0, tensorsLast: 0, bytesFirst: 0, bytesLast: 0 };
    for await (const event of trainer.run()) {
      if (event.type !== 'progress') continue;
      const { numBytes } = tf.memory();
      if (event.stepsDone === warmUp) {
        Object.assign(result, { tensorsFirst: event.tensors, bytesFirst: numBytes });
        look();
      } else if (event.stepsDone === warmUp + steps) {
        Object.assign(result, { tensorsLast: event.tensors, bytesLast: numBytes });
        look();
        break;
      }
    }
    return result;
  } finally {
    trainer.dispose();
  }
}
