import { createHash } from 'node:crypto';
import * as fs from 'node:fs';
import { BitsmithError } from '#shared/base/errors.ts';
import { assemble } from '#shared/dataset/assembly.ts';
import type { DatasetFormat } from '#shared/dataset/format.ts';
import { ChannelStatistics } from '#shared/dataset/statistics.ts';
import type { DatasetInfo } from '#shared/dataset/types.ts';
import { guardFiles, writeFileAtomic } from '#main/platform/files.ts';
import { breathe, partOf, type WorkHandle } from '../work.ts';
import { datasetFolder, descriptorPath, SAMPLE_FILES, samplePath, type SampleFile } from './paths.ts';
import { readPlan } from './read-plan.ts';
import { writeRecordings } from './recordings.ts';
import { writeRecord } from './record.ts';
import { removeLeftovers, temporaryFolder } from './remove.ts';

export interface BuildRequest {
  name: string;
  title: string;
  source: string;
  licence?: string;
  format: DatasetFormat;
  /** Folder that holds the files, and their names relative to it. */
  folder: string;
  files: readonly string[];
  /** How the place is called in messages, when not by its path. */
  where?: string;
  classes?: readonly string[];
  /** What was chosen about the reading; kept in the descriptor. */
  options?: Readonly<Record<string, unknown>>;
  /** Last word before the set appears in the data folder; throws to refuse it. */
  check?(info: DatasetInfo): void;
}

/**
 * Turns the files of a data set into its installed form. The set is written under a temporary name and renamed, so it
 * is there as a whole or not at all.
 *
 * @throws BitsmithError `corrupt` for a bad file, `io` (full disk, no permission), `cancelled`; nothing is left behind
 */
export async function buildDataset(
  dataFolder: string,
  request: BuildRequest,
  work: WorkHandle,
): Promise<DatasetInfo> {
  const { format, name } = request;
  const plan = format.plan(request.files, request.where ?? `the folder ${request.folder}`);
  removeLeftovers(dataFolder, name);
  const folder = temporaryFolder(dataFolder, name);
  try {
    guardFiles(`cannot create ${folder}`, () => fs.mkdirSync(folder, { recursive: true }));
    const writers = openWriters(folder);
    let shape;
    try {
      const assembly = assemble(
        format,
        (split, part, bytes) => writers.write(`${split}-${part}`, bytes),
        request.classes,
      );
      await readPlan(plan, request.folder, assembly, partOf(work, 0, plan.length / (plan.length + 2)));
      shape = assembly.finish();
    } finally {
      writers.close();
    }
    work.report(plan.length / (plan.length + 2), 'checking');
    const measured = await measure(folder, shape.shape[2], work.signal);
    const info: DatasetInfo = {
      name,
      title: request.title,
      shape: shape.shape,
      classes: shape.classes,
      train: shape.train,
      test: shape.test,
      source: request.source,
      ...(request.licence === undefined ? {} : { licence: request.licence }),
      ...measured,
      classCounts: shape.classCounts,
      ...(shape.features ? { features: shape.features } : {}),
      ...(shape.sound ? { sound: shape.sound } : {}),
      ...(request.options
        ? { imported: { options: request.options, notes: shape.notes, unreadable: shape.unreadable.length } }
        : {}),
      installedAt: new Date().toISOString(),
    };
    request.check?.(info);
    writeRecord(folder, shape);
    writeRecordings(folder, shape.recordings ?? []);
    writeFileAtomic(descriptorPath(folder), `${JSON.stringify(info, null, 2)}\n`);
    publish(folder, datasetFolder(dataFolder, name));
    work.report(1, 'done');
    return info;
  } catch (error) {
    fs.rmSync(folder, { recursive: true, force: true });
    throw error;
  }
}

/** Puts the finished folder in place of a damaged one or of none. */
function publish(from: string, to: string): void {
  guardFiles(`cannot write ${to}`, () => {
    fs.rmSync(to, { recursive: true, force: true });
    fs.renameSync(from, to);
  });
}

function openWriters(folder: string): { write(part: SampleFile, bytes: Uint8Array): void; close(): void } {
  const handles = new Map<SampleFile, number>();
  const doing = `cannot write to ${folder}`;
  return {
    write(part, bytes) {
      guardFiles(doing, () => {
        const handle = handles.get(part) ?? fs.openSync(samplePath(folder, part), 'wx');
        handles.set(part, handle);
        for (let at = 0; at < bytes.length;) at += fs.writeSync(handle, bytes, at, bytes.length - at);
      });
    },
    close() {
      for (const handle of handles.values()) {
        try {
          guardFiles(doing, () => fs.fsyncSync(handle));
        } finally {
          fs.closeSync(handle);
        }
      }
    },
  };
}

/** SHA-256 over the four files and the statistics of the training images, in one pass through the disk. */
async function measure(
  folder: string,
  channels: number,
  signal: AbortSignal,
): Promise<Pick<DatasetInfo, 'sha256' | 'mean' | 'standardDeviation'>> {
  const hash = createHash('sha256');
  const statistics = new ChannelStatistics(channels);
  for (const part of SAMPLE_FILES) {
    const file = samplePath(folder, part);
    const handle = guardFiles(`cannot read ${file}`, () => fs.openSync(file, 'r'));
    try {
      const block = new Uint8Array(1 << 22);
      for (;;) {
        await breathe(signal);
        const got = guardFiles(`cannot read ${file}`, () => fs.readSync(handle, block));
        if (got === 0) break;
        const bytes = block.subarray(0, got);
        hash.update(bytes);
        if (part === 'train-images') statistics.add(bytes);
      }
    } finally {
      fs.closeSync(handle);
    }
  }
  return { sha256: hash.digest('hex'), ...statistics.result() };
}

/** @throws BitsmithError `corrupt` when the samples are not those that were promised */
export function checkSamples(info: DatasetInfo, expected: string): void {
  if (info.sha256 === expected) return;
  throw new BitsmithError(
    'corrupt',
    `the samples of ${info.name} are not the known ones: expected SHA-256 ${expected}; found ${info.sha256}`,
    { dataset: info.name, expected, found: info.sha256 },
  );
}
