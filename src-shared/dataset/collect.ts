import { assemble } from './assembly.ts';
import type { DatasetFormat, PlannedFile, SourceFile } from './format.ts';
import type { ParsedDataset } from './types.ts';

/**
 * Reads a whole set into memory.
 *
 * @param read gives the decoded bytes of a planned file
 * @throws BitsmithError `not-found` when files are missing, `corrupt` naming file, offset and expectation
 */
export function collectDataset(
  format: DatasetFormat,
  names: readonly string[],
  read: (planned: PlannedFile) => SourceFile,
  options: { classes?: readonly string[]; where?: string } = {},
): ParsedDataset {
  const pieces = { train: { images: [], labels: [] }, test: { images: [], labels: [] } } as Record<
    'train' | 'test',
    Record<'images' | 'labels', Uint8Array[]>
  >;
  const assembly = assemble(format, (split, part, bytes) => pieces[split][part].push(bytes), options.classes);
  for (const planned of format.plan(names, options.where ?? 'the files'))
    assembly.add(planned, read(planned));
  const { shape, classes, train, test } = assembly.finish();
  const samples = (split: 'train' | 'test', count: number) => ({
    count,
    shape,
    images: concat(pieces[split].images),
    labels: concat(pieces[split].labels),
  });
  return { classes, train: samples('train', train), test: samples('test', test) };
}

function concat(parts: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
