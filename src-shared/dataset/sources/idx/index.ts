import { BitsmithError } from '../../../base/errors.ts';
import {
  baseName,
  corruptFile,
  type DatasetFormat,
  type FormatReader,
  type PlannedFile,
  type SampleSink,
  type Split,
} from '../../format.ts';
import { readIdxHeader } from './header.ts';

/**
 * The format of MNIST and its kin: for each split a file of images (idx3: n×h×w, idx4: n×h×w×c) and one of labels
 * (idx1), gzipped or not. `train-images-idx3-ubyte`, `t10k-labels.idx1-ubyte.gz`, `emnist-letters-test-images-idx3-ubyte`
 * and the like are recognised.
 */
export const idx: DatasetFormat = {
  id: 'idx',
  title: 'IDX files (MNIST and its kin)',
  plan,
  open,
};

const NAME = /(train|t10k|test)[-_.](images|labels)[-_.]idx[134][-_.]ubyte(\.gz)?$/i;
const ROLES = [
  ['train', 'images'],
  ['train', 'labels'],
  ['test', 'images'],
  ['test', 'labels'],
] as const;

function plan(names: readonly string[], where: string): PlannedFile[] {
  return ROLES.map(([split, part]) => {
    const fitting = names
      .flatMap((name): PlannedFile[] => {
        const match = NAME.exec(baseName(name));
        if (!match) return [];
        const fits =
          (match[1]!.toLowerCase() === 'train') === (split === 'train') && match[2]!.toLowerCase() === part;
        return fits ? [{ name, encoding: match[3] ? 'gzip' : 'plain', split, part }] : [];
      })
      .sort((a, b) => a.name.length - b.name.length);
    const [first, second] = fitting;
    const wanted = `${split === 'train' ? 'train' : 't10k'}-${part}-idx${part === 'images' ? 3 : 1}-ubyte`;
    if (!first) {
      throw new BitsmithError('not-found', `${where} has no file ${wanted} or ${wanted}.gz`, {
        missing: wanted,
      });
    }
    // The same file packed and unpacked side by side is one set; anything else is two.
    if (second && second.name !== `${first.name}.gz`) {
      throw new BitsmithError(
        'invalid-input',
        `${where} has more than one file of ${split} ${part}: ${first.name} and ${second.name}; give a prefix, e.g. …/emnist-letters`,
        { files: fitting.map((file) => file.name) },
      );
    }
    return first;
  });
}

function open(sink: SampleSink): FormatReader {
  const images: Partial<Record<Split, { count: number; file: string }>> = {};
  return {
    add({ split, part }, { name, bytes }) {
      if (part === 'images') {
        const { sizes, start } = readIdxHeader(name, bytes, [3, 4]);
        const [count = 0, height = 0, width = 0, channels = 1] = sizes;
        images[split] = { count, file: name };
        sink.images(split, [height, width, channels], bytes.subarray(start));
        return;
      }
      const { sizes, start } = readIdxHeader(name, bytes, [1]);
      const pictures = images[split];
      if (pictures && pictures.count !== sizes[0]) {
        const expected = `${pictures.count} labels, one for each image in ${baseName(pictures.file)}`;
        throw corruptFile(name, 4, expected, `${sizes[0]} labels`);
      }
      sink.labels(split, bytes.subarray(start), name, (i) => start + i);
    },
    finish: () => ({}),
  };
}
