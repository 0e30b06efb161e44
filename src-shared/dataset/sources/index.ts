import { BitsmithError } from '../../base/errors.ts';
import { nearest } from '../../base/schema.ts';
import type { DatasetFormat } from '../format.ts';
import { cifarBinary } from './cifar-binary/index.ts';
import { csv } from './csv/index.ts';
import { fashionJson } from './fashion-json/index.ts';
import { idx } from './idx/index.ts';
import { images } from './images/index.ts';
import { npz } from './npz/index.ts';
import { pngRows } from './png-rows/index.ts';
import { wav } from './wav/index.ts';

/** Every data set format. A new one: a folder here, one line in this list. */
export const datasetFormats: readonly DatasetFormat[] = [
  cifarBinary,
  csv,
  fashionJson,
  idx,
  images,
  npz,
  pngRows,
  wav,
];

/** @throws BitsmithError `not-found` naming the formats that there are */
export function datasetFormat(id: string): DatasetFormat {
  const format = datasetFormats.find((candidate) => candidate.id === id);
  if (format) return format;
  const ids = datasetFormats.map((candidate) => candidate.id);
  const close = nearest(id, ids);
  throw new BitsmithError(
    'not-found',
    `there is no data set format "${id}".${close ? ` Did you mean "${close}"?` : ''} There are: ${ids.join(', ')}`,
  );
}
