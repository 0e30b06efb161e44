import * as fs from 'node:fs';
import * as path from 'node:path';
import type { VerifyRow } from '#shared/contract/api/export.ts';
import { featureBytes } from '#shared/dataset/sound/bytes.ts';
import { createFrontEnd } from '#shared/dataset/sound/front-end.ts';
import { soundShape, type SoundFeatures } from '#shared/dataset/sound/spec.ts';
import { soundClips } from '#shared/verify/sound-clips.ts';
import { BitsmithError } from '#shared/base/errors.ts';
import { guardFiles } from '#main/platform/files.ts';
import { runProgram } from '#main/toolchain/index.ts';
import { sampleAt, type SampleSet } from './reference.ts';

/** What a front end is verified on, and the bytes that must come out. */
export interface SoundVerification {
  clips: readonly Int16Array[];
  expected: readonly Uint8Array[];
}

/**
 * Silence, extremes, tones and noise, with what the reference makes of them; and the first recordings of the data set's
 * test part, where it is installed, with the very bytes that the network was tested on.
 *
 * @param samples the data set's test part, whose first ones the recordings are
 */
export function soundVerification(
  sound: SoundFeatures,
  samples: SampleSet,
  recordings: readonly Int16Array[] = [],
): SoundVerification {
  const clips = soundClips(sound);
  const { clip } = createFrontEnd(sound);
  const [frames, features] = soundShape(sound);
  const expected = clips.map((pcm) => {
    const bytes = new Uint8Array(frames * features);
    featureBytes(clip(pcm), sound.maps, bytes);
    return bytes;
  });
  const known = recordings.slice(0, samples.count);
  return {
    clips: [...clips, ...known],
    expected: [...expected, ...known.map((_, i) => sampleAt(samples, i))],
  };
}

/**
 * Runs `verify/sound_main.c` of a bundle in `folder`; every clip goes through it whole and as a stream.
 *
 * @throws BitsmithError `job-failed` when it ends with another status than 0
 */
export async function runSound(
  folder: string,
  { clips, expected }: SoundVerification,
  command: {
    program: string;
    parameters: readonly string[];
    timeoutMs: number;
    signal?: AbortSignal | undefined;
  },
): Promise<NonNullable<VerifyRow['frontEnd']>> {
  const output = path.join(folder, 'features.bin');
  guardFiles(`cannot write to ${folder}`, () => {
    fs.rmSync(output, { force: true });
    fs.writeFileSync(path.join(folder, 'clips.bin'), Buffer.concat(clips.map(littleEndian)));
  });
  const { status, stdout, stderr } = await runProgram(command.program, command.parameters, {
    cwd: folder,
    timeoutMs: command.timeoutMs,
    ...(command.signal ? { signal: command.signal } : {}),
  });
  if (status !== 0) {
    const said = (stderr + stdout).split('\n').find((line) => line.trim() !== '') ?? 'it said nothing';
    throw new BitsmithError(
      'job-failed',
      `the front end ended with status ${status}: ${said.slice(0, 300)}`,
      {
        stderr: stderr.slice(0, 20_000),
      },
    );
  }
  const found = guardFiles(`cannot read ${output}`, () => fs.readFileSync(output));
  let at = 0;
  let matched = 0;
  for (const bytes of expected) {
    const ways = [0, 1].map((way) => found.subarray(at + way * bytes.length, at + (way + 1) * bytes.length));
    at += 2 * bytes.length;
    if (ways.every((got) => Buffer.compare(got, bytes) === 0)) matched++;
  }
  return { clips: clips.length, matched };
}

function littleEndian(clip: Int16Array): Buffer {
  const bytes = Buffer.alloc(2 * clip.length);
  clip.forEach((value, i) => bytes.writeInt16LE(value, 2 * i));
  return bytes;
}
