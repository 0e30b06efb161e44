import * as fs from 'node:fs';
import * as path from 'node:path';
import type { DatasetInfo } from '#shared/dataset/types.ts';
import { writeFileAtomic } from '#main/platform/files.ts';
import { datasetFolder } from './paths.ts';

/** Keeps the sound of the first test samples, so that the firmware's front end can be compared with what they became. */
export function writeRecordings(folder: string, clips: readonly Int16Array[]): void {
  if (clips.length === 0) return;
  const bytes = Buffer.concat(clips.map(littleEndian));
  writeFileAtomic(recordingsPath(folder), bytes);
}

/** The sound of the first test samples; empty where the set is no sound, or its file is not whole. */
export function readRecordings(dataFolder: string, info: DatasetInfo): Int16Array[] {
  const file = recordingsPath(datasetFolder(dataFolder, info.name));
  if (!info.sound || !fs.existsSync(file)) return [];
  const size = 2 * info.sound.samples;
  const bytes = fs.readFileSync(file);
  if (bytes.length % size !== 0) return [];
  return Array.from({ length: bytes.length / size }, (_, i) =>
    Int16Array.from({ length: size / 2 }, (_value, n) => bytes.readInt16LE(i * size + 2 * n)),
  );
}

function littleEndian(clip: Int16Array): Buffer {
  const bytes = Buffer.alloc(2 * clip.length);
  clip.forEach((value, i) => bytes.writeInt16LE(value, 2 * i));
  return bytes;
}

function recordingsPath(folder: string): string {
  return path.join(folder, 'recordings.bin');
}
