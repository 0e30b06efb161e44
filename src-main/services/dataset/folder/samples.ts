import * as fs from 'node:fs';
import { BitsmithError } from '#shared/base/errors.ts';
import { guardFiles } from '#main/platform/files.ts';
import type { DatasetInfo, Samples } from '#shared/dataset/types.ts';
import { damaged, sampleBytes } from './descriptor.ts';
import { datasetFolder, samplePath, type SampleFile } from './paths.ts';

/**
 * Reads one part of an installed data set into memory.
 *
 * @throws BitsmithError `corrupt` when a file is not as long as the descriptor says or holds a label out of range
 */
export function loadSamples(dataFolder: string, info: DatasetInfo, split: 'train' | 'test'): Samples {
  return loadSampleRange(dataFolder, info, split, 0, split === 'train' ? info.train : info.test);
}

/** Samples `offset` … `offset + count − 1` (fewer at the end of the part). */
export function loadSampleRange(
  dataFolder: string,
  info: DatasetInfo,
  split: 'train' | 'test',
  offset: number,
  count: number,
): Samples {
  const total = split === 'train' ? info.train : info.test;
  const start = Math.min(offset, total);
  const taken = Math.min(count, total - start);
  const [height, width, channels] = info.shape;
  const size = height * width * channels;
  const images = readSampleFile(dataFolder, info, `${split}-images`, start * size, taken * size);
  const labels = readSampleFile(dataFolder, info, `${split}-labels`, start, taken);
  const wrong = labels.findIndex((label) => label >= info.classes.length);
  if (wrong >= 0) {
    const file = samplePath(datasetFolder(dataFolder, info.name), `${split}-labels`);
    throw damaged(
      info.name,
      `${file}, byte ${start + wrong}: label ${labels[wrong]} of ${info.classes.length} classes`,
    );
  }
  return { count: taken, shape: info.shape, images, labels };
}

/**
 * The samples at `indices`, in that order. To look at them: a label out of range is handed on as it is.
 *
 * @throws BitsmithError `invalid-input` for an index that is none
 */
export function pickSamples(
  dataFolder: string,
  info: DatasetInfo,
  split: 'train' | 'test',
  indices: readonly number[],
): Samples {
  const total = split === 'train' ? info.train : info.test;
  const beyond = indices.find((index) => index >= total);
  if (beyond !== undefined) {
    throw new BitsmithError(
      'invalid-input',
      `the ${split} part of ${info.name} has no sample ${beyond}: there are ${total}`,
    );
  }
  const [height, width, channels] = info.shape;
  const size = height * width * channels;
  const images = new Uint8Array(indices.length * size);
  const labels = new Uint8Array(indices.length);
  for (let i = 0; i < indices.length;) {
    // Neighbours are read at once.
    let end = i + 1;
    while (end < indices.length && indices[end] === indices[end - 1]! + 1) end++;
    const start = indices[i]!;
    images.set(readSampleFile(dataFolder, info, `${split}-images`, start * size, (end - i) * size), i * size);
    labels.set(readSampleFile(dataFolder, info, `${split}-labels`, start, end - i), i);
    i = end;
  }
  return { count: indices.length, shape: info.shape, images, labels };
}

/**
 * `length` bytes of one file of an installed data set.
 *
 * @throws BitsmithError `corrupt` when the file is not as long as the descriptor says
 */
export function readSampleFile(
  dataFolder: string,
  info: DatasetInfo,
  part: SampleFile,
  offset: number,
  length: number,
): Uint8Array {
  const file = samplePath(datasetFolder(dataFolder, info.name), part);
  return guardFiles(`cannot read ${file}`, () => {
    const handle = fs.openSync(file, 'r');
    try {
      const expected = sampleBytes(info, part);
      const found = fs.fstatSync(handle).size;
      if (found !== expected) throw damaged(info.name, `${file} has ${found} bytes instead of ${expected}`);
      const bytes = new Uint8Array(length);
      for (let at = 0; at < length;) {
        const got = fs.readSync(handle, bytes, at, length - at, offset + at);
        if (got === 0) throw damaged(info.name, `${file} ends at byte ${offset + at}`);
        at += got;
      }
      return bytes;
    } finally {
      fs.closeSync(handle);
    }
  });
}
