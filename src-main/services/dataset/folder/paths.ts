import * as path from 'node:path';

/** Where installed data sets live: one folder each. */
export function datasetsFolder(dataFolder: string): string {
  return path.join(dataFolder, 'datasets');
}

export function datasetFolder(dataFolder: string, name: string): string {
  return path.join(datasetsFolder(dataFolder), name);
}

/** Where unfinished downloads wait to be continued. */
export function downloadsFolder(dataFolder: string, name: string): string {
  return path.join(dataFolder, 'downloads', name);
}

export type SampleFile = 'train-images' | 'train-labels' | 'test-images' | 'test-labels';

/** In the order in which the normalised SHA-256 takes them. */
export const SAMPLE_FILES: readonly SampleFile[] = [
  'train-images',
  'train-labels',
  'test-images',
  'test-labels',
];

export function samplePath(folder: string, file: SampleFile): string {
  return path.join(folder, `${file}.bin`);
}

export function descriptorPath(folder: string): string {
  return path.join(folder, 'dataset.json');
}
