import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { gzipSync } from 'node:zlib';
import { PNG } from 'pngjs';

/** A temporary folder of its own. */
export function temporaryDirectory(): string {
  return fs.mkdtempSync(path.join(os.tmpdir(), 'bitsmith-datasets-'));
}

/** Bytes that look random and are the same each time. */
export function noise(length: number, seed = 1): Uint8Array {
  let state = seed >>> 0;
  return Uint8Array.from({ length }, () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state >>> 24;
  });
}

/** An IDX file of unsigned bytes with these sizes. */
export function idxFile(sizes: readonly number[], data: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(4 + 4 * sizes.length + data.length);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, 0x0800 | sizes.length);
  sizes.forEach((size, axis) => view.setUint32(4 + 4 * axis, size));
  bytes.set(data, 4 + 4 * sizes.length);
  return bytes;
}

export interface IdxFolderOptions {
  train?: number;
  test?: number;
  height?: number;
  width?: number;
  classes?: number;
  gzip?: boolean;
  prefix?: string;
}

/** Writes the four files of a small IDX data set; labels count up and wrap, pixels are noise. */
export function writeIdxFolder(folder: string, options: IdxFolderOptions = {}): Record<string, Uint8Array> {
  const { train = 20, test = 10, height = 4, width = 3, classes = 5, gzip = false, prefix = '' } = options;
  const labels = (count: number) => Uint8Array.from({ length: count }, (_, i) => i % classes);
  const files: Record<string, Uint8Array> = {
    'train-images-idx3-ubyte': idxFile([train, height, width], noise(train * height * width, 1)),
    'train-labels-idx1-ubyte': idxFile([train], labels(train)),
    't10k-images-idx3-ubyte': idxFile([test, height, width], noise(test * height * width, 2)),
    't10k-labels-idx1-ubyte': idxFile([test], labels(test)),
  };
  fs.mkdirSync(folder, { recursive: true });
  for (const [name, bytes] of Object.entries(files)) {
    if (gzip) fs.writeFileSync(path.join(folder, `${prefix}${name}.gz`), gzipSync(bytes));
    else fs.writeFileSync(path.join(folder, `${prefix}${name}`), bytes);
  }
  return files;
}

/** CIFAR-10 records: label, then 32×32 red, green and blue. */
export function cifarBatch(labels: readonly number[], pixels: (sample: number) => Uint8Array): Uint8Array {
  const bytes = new Uint8Array(labels.length * 3073);
  labels.forEach((label, i) => {
    bytes[i * 3073] = label;
    bytes.set(pixels(i), i * 3073 + 1);
  });
  return bytes;
}

/** An RGB PNG of these channels-last bytes. */
export function pngFile(width: number, height: number, rgb: Uint8Array): Buffer {
  const png = new PNG({ width, height, colorType: 2 });
  for (let p = 0; p < width * height; p++) {
    png.data.set(rgb.subarray(p * 3, p * 3 + 3), p * 4);
    png.data[p * 4 + 3] = 255;
  }
  return PNG.sync.write(png, { colorType: 2 });
}

/** A handle for work that nobody watches. */
export function quietWork(signal: AbortSignal = new AbortController().signal): {
  signal: AbortSignal;
  reports: { progress: number | null; message: string }[];
  report(progress: number | null, message: string): void;
} {
  const reports: { progress: number | null; message: string }[] = [];
  return { signal, reports, report: (progress, message) => void reports.push({ progress, message }) };
}
