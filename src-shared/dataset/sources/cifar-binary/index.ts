import { BitsmithError } from '../../../base/errors.ts';
import {
  baseName,
  corruptFile,
  type DatasetFormat,
  type FormatReader,
  type PlannedFile,
  type SampleSink,
} from '../../format.ts';
import { planarToInterleaved } from './planar.ts';

/**
 * The binary version of CIFAR-10 and CIFAR-100: records of one label (CIFAR-100: a coarse and a fine one; the fine one
 * is taken) and 3×32×32 bytes, first all red, then all green, then all blue. CIFAR-10 comes as `data_batch_1.bin` … and
 * `test_batch.bin`, CIFAR-100 as `train.bin` and `test.bin`; class names are read from `batches.meta.txt` and
 * `fine_label_names.txt` where they are there.
 */
export const cifarBinary: DatasetFormat = {
  id: 'cifar-binary',
  title: 'CIFAR-10 and CIFAR-100, binary version',
  plan,
  open,
};

export const CIFAR_10_CLASSES: readonly string[] = [
  'airplane',
  'automobile',
  'bird',
  'cat',
  'deer',
  'dog',
  'frog',
  'horse',
  'ship',
  'truck',
];

const SHAPE = [32, 32, 3] as const;
const PIXELS = 32 * 32;

function plan(names: readonly string[], where: string): PlannedFile[] {
  const find = (file: string): string | undefined => names.find((name) => baseName(name) === file);
  const file = (
    name: string,
    split: 'train' | 'test',
    part: PlannedFile['part'] = 'samples',
  ): PlannedFile => ({
    name,
    encoding: 'plain',
    split,
    part,
  });
  const missing = (what: string) =>
    new BitsmithError('not-found', `${where} has no file ${what}`, { missing: what });

  const train100 = find('train.bin');
  const test100 = find('test.bin');
  if (train100 || test100) {
    if (!train100) throw missing('train.bin');
    if (!test100) throw missing('test.bin');
    const meta = find('fine_label_names.txt');
    return [
      ...(meta ? [file(meta, 'train', 'classes')] : []),
      file(train100, 'train'),
      file(test100, 'test'),
    ];
  }

  const numbers = names.flatMap((name) => {
    const match = /^data_batch_(\d{1,3})\.bin$/.exec(baseName(name));
    return match ? [Number(match[1])] : [];
  });
  const last = Math.max(1, ...numbers);
  const batches = Array.from({ length: last }, (_, i) => {
    const wanted = `data_batch_${i + 1}.bin`;
    const name = find(wanted);
    if (!name) throw missing(wanted);
    return file(name, 'train');
  });
  const test = find('test_batch.bin');
  if (!test) throw missing('test_batch.bin');
  const meta = find('batches.meta.txt');
  return [...(meta ? [file(meta, 'train', 'classes')] : []), ...batches, file(test, 'test')];
}

function open(sink: SampleSink): FormatReader {
  let classes: readonly string[] | undefined;
  let labelBytes: number | undefined;
  return {
    add({ split, part }, { name, bytes }) {
      if (part === 'classes') {
        classes = readClassNames(name, bytes);
        return;
      }
      const ownLabels = /^(train|test)\.bin$/.test(baseName(name)) ? 2 : 1;
      labelBytes = ownLabels;
      const record = ownLabels + 3 * PIXELS;
      const rest = bytes.length % record;
      if (bytes.length === 0 || rest !== 0) {
        const offset = bytes.length - rest;
        throw corruptFile(
          name,
          offset,
          `whole records of ${record} bytes`,
          `${rest} bytes before the end of the file`,
        );
      }
      const count = bytes.length / record;
      const labels = new Uint8Array(count);
      for (let i = 0; i < count; i++) labels[i] = bytes[i * record + ownLabels - 1]!;
      sink.labels(split, labels, name, (i) => i * record + ownLabels - 1);
      sink.images(split, SHAPE, planarToInterleaved(bytes, count, record, ownLabels, PIXELS, 3));
    },
    finish: () => ({ classes: classes ?? (labelBytes === 1 ? CIFAR_10_CLASSES : undefined) }),
  };
}

function readClassNames(file: string, bytes: Uint8Array): string[] {
  const names = new TextDecoder()
    .decode(bytes)
    .split(/\r?\n/)
    .map((line) => line.trim())
    .filter((line) => line !== '');
  if (names.length < 2 || names.length > 256) {
    throw corruptFile(file, 0, '2 to 256 class names, one on each line', `${names.length} names`);
  }
  return names;
}
