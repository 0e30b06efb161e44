import { LISTED_SAMPLES } from '#shared/dataset/integrity.ts';
import { findUnusualLabels } from '#shared/dataset/unusual-labels.ts';
import { tf } from '../../backends/tfjs.ts';
import { wasm } from '../../backends/wasm/index.ts';
import { readDatasetInfo, readSampleFile } from '../../services/dataset/index.ts';
import type { LabelJob } from '../protocol.ts';
import type { HostChannel } from './port.ts';

/**
 * Looks for labels that stand out among like samples, on the back end that every machine has.
 *
 * @throws BitsmithError `corrupt` when a file is missing or too short
 */
export async function labelJob({ dataFolder, dataset }: LabelJob, host: HostChannel): Promise<void> {
  const info = readDatasetInfo(dataFolder, dataset);
  const [height, width, channels] = info.shape;
  const size = height * width * channels;
  // Read as they are: a label without a class is another finding of the same report.
  const part = (split: 'train' | 'test') => ({
    images: readSampleFile(dataFolder, info, `${split}-images`, 0, info[split] * size),
    labels: readSampleFile(dataFolder, info, `${split}-labels`, 0, info[split]),
  });
  await wasm.activate();
  const parts = { train: part('train'), test: part('test') };
  const labels = await findUnusualLabels(tf, parts, size, LISTED_SAMPLES, async (share) =>
    host.send({ type: 'comparing', share }),
  );
  host.send({ type: 'unusual-labels', labels });
}
