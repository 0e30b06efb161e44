import { RandomStream } from '#shared/base/random.ts';
import type { VerifySamples } from '#shared/contract/api/export.ts';
import type { Manifest } from '#shared/export/emit/manifest.ts';
import { elementsOf } from '#shared/export/ir/graph.ts';
import { listDatasets, loadSamples, readRecordings } from '#main/services/dataset/index.ts';
import type { SampleSet } from './reference.ts';

/**
 * What a bundle is verified on: test samples of the very data set that its network was trained on, where it is
 * installed; else bytes that look random, without labels.
 *
 * @param random how many of those
 */
export function sampleSetFor(
  dataFolder: string,
  manifest: Manifest,
  wanted: number,
  random: number = wanted,
): SampleSet & { source: VerifySamples['source']; recordings?: Int16Array[] } {
  const { datasetSha256 } = manifest.provenance;
  const info = listDatasets(dataFolder).find(({ sha256 }) => sha256 === datasetSha256);
  const size = elementsOf(manifest.graph.input.shape);
  if (info) {
    const samples = loadSamples(dataFolder, info, 'test');
    const count = Math.min(wanted, samples.count);
    return {
      source: 'test',
      count,
      images: samples.images.subarray(0, count * size),
      labels: samples.labels.subarray(0, count),
      recordings: readRecordings(dataFolder, info),
    };
  }
  const stream = new RandomStream(1, 'verify');
  const images = Uint8Array.from({ length: random * size }, () => stream.nextUint32() >>> 24);
  return { source: 'random', count: random, images };
}
