import * as path from 'node:path';
import { messageOf } from '#shared/base/errors.ts';
import type { DatasetInfo, Samples } from '#shared/dataset/types.ts';
import { installDataset, loadSamples } from '#main/services/dataset/index.ts';
import { quietWork } from './datasets.ts';

export interface Mnist {
  info: DatasetInfo;
  train: Samples;
  test: Samples;
}

/** Kept between runs of the tests, as `npm run bench:methods` keeps its own. */
const FOLDER = path.resolve('.cache/test-data');

/** Real MNIST through the data set service, or in one line why it cannot be had here. */
export async function findMnist(): Promise<Mnist | string> {
  try {
    const info = await installDataset(FOLDER, 'mnist', quietWork());
    return { info, train: loadSamples(FOLDER, info, 'train'), test: loadSamples(FOLDER, info, 'test') };
  } catch (error) {
    return messageOf(error);
  }
}
