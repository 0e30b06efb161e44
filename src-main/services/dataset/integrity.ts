import { createHash } from 'node:crypto';
import * as fs from 'node:fs';
import * as path from 'node:path';
import { BitsmithError } from '#shared/base/errors.ts';
import {
  IntegrityReportSchema,
  IntegrityScan,
  LISTED_FILES,
  type IntegrityReport,
  type UnusualLabels,
} from '#shared/dataset/integrity.ts';
import type { DatasetInfo } from '#shared/dataset/types.ts';
import { askProcess, type ForkJob } from '#main/jobs/host/index.ts';
import { writeFileAtomic } from '#main/platform/files.ts';
import { isInstalled, readDatasetInfo } from './folder/descriptor.ts';
import { datasetFolder } from './folder/paths.ts';
import { readRecord } from './folder/record.ts';
import { readSampleFile } from './folder/samples.ts';
import { breathe, checkCancelled, partOf, type WorkHandle } from './work.ts';

const BLOCK_BYTES = 1 << 21;
/** Share of the work that reading takes; comparing takes the rest. */
const READING = 0.2;

/** The report of an earlier check, if it was made of the set that is installed now. */
export function knownIntegrity(dataFolder: string, name: string): IntegrityReport | null {
  const info = readDatasetInfo(dataFolder, name);
  try {
    const text = fs.readFileSync(reportPath(dataFolder, name), 'utf8');
    const report = IntegrityReportSchema.parse(JSON.parse(text));
    return report.checksum.expected === info.sha256 ? report : null;
  } catch {
    // none yet, or one that this version does not understand: it can be made again
    return null;
  }
}

/**
 * Looks at every sample of an installed set and keeps the report beside it.
 *
 * @throws BitsmithError `corrupt` when a file is missing or too short, `cancelled`
 */
export async function checkIntegrity(
  dataFolder: string,
  name: string,
  fork: ForkJob,
  work: WorkHandle,
): Promise<IntegrityReport> {
  const reading = partOf(work, 0, READING);
  const info = readDatasetInfo(dataFolder, name);
  const scan = new IntegrityScan(info.classes.length);
  const whole = createHash('sha256');
  const total = info.train + info.test;
  const { unreadable } = readRecord(dataFolder, name);
  for (const split of ['train', 'test'] as const) {
    const before = split === 'train' ? 0 : info.train;
    const labels = readSampleFile(dataFolder, info, `${split}-labels`, 0, info[split]);
    for await (const { start, images } of blocksOf(dataFolder, info, split, work.signal)) {
      whole.update(images);
      eachImage(images, info, (image, i) => {
        const digest = createHash('sha256').update(image).digest('base64');
        scan.add(split, labels[start + i]!, image, digest);
      });
      const what = split === 'train' ? 'training' : 'test';
      reading.report((before + start) / total, `looking at ${what} samples`);
    }
    whole.update(labels);
  }
  const report: IntegrityReport = {
    dataset: name,
    checksum: { expected: info.sha256, found: whole.digest('hex') },
    ...scan.result(),
    unreadable: { count: unreadable.length, files: unreadable.slice(0, LISTED_FILES) },
    unusual: await unusualLabels(dataFolder, name, fork, partOf(work, READING, 1)),
    checkedAt: new Date().toISOString(),
  };
  if (!isInstalled(dataFolder, name)) {
    throw new BitsmithError('not-found', `the data set ${name} was removed while it was checked`);
  }
  writeFileAtomic(reportPath(dataFolder, name), `${JSON.stringify(report)}\n`);
  work.report(1, 'done');
  return report;
}

/** Compares samples with their neighbours in a process of its own: seconds to minutes of matrix products. */
async function unusualLabels(
  dataFolder: string,
  name: string,
  fork: ForkJob,
  work: WorkHandle,
): Promise<UnusualLabels | null> {
  checkCancelled(work.signal);
  work.report(0, 'comparing samples with their neighbours');
  const question = { type: 'find-unusual-labels', job: { dataFolder, dataset: name } } as const;
  const { labels } = await askProcess(fork, name, 'compares labels', question, 'unusual-labels', {
    signal: work.signal,
    onMessage: (message) => {
      if (message.type === 'comparing') work.report(message.share, 'comparing samples with their neighbours');
    },
  });
  return labels;
}

async function* blocksOf(
  dataFolder: string,
  info: DatasetInfo,
  split: 'train' | 'test',
  signal: AbortSignal,
): AsyncGenerator<{ start: number; images: Uint8Array }> {
  const size = imageBytes(info);
  const step = Math.max(1, Math.floor(BLOCK_BYTES / size));
  for (let start = 0; start < info[split]; start += step) {
    await breathe(signal);
    const count = Math.min(step, info[split] - start);
    const images = readSampleFile(dataFolder, info, `${split}-images`, start * size, count * size);
    yield { start, images };
  }
}

function eachImage(
  images: Uint8Array,
  info: DatasetInfo,
  visit: (image: Uint8Array, i: number) => void,
): void {
  const size = imageBytes(info);
  for (let i = 0; i * size < images.length; i++) visit(images.subarray(i * size, (i + 1) * size), i);
}

function imageBytes({ shape: [height, width, channels] }: DatasetInfo): number {
  return height * width * channels;
}

function reportPath(dataFolder: string, name: string): string {
  return path.join(datasetFolder(dataFolder, name), 'integrity.json');
}
