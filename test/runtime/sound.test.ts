import { execFileSync } from 'node:child_process';
import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { describe, expect, it } from 'vitest';
import { featureBytes, soundMap } from '#shared/dataset/sound/bytes.ts';
import { createFrontEnd } from '#shared/dataset/sound/front-end.ts';
import { soundShape, type SoundFeatures } from '#shared/dataset/sound/spec.ts';
import { frontEndOf, WavOptionsSchema } from '#shared/dataset/sources/wav/options.ts';
import { COMPILE_FLAGS } from '#shared/export/emit/flags.ts';
import { SOUND_FUNCTIONS, soundAdapter, soundFiles, soundReadme } from '#shared/export/emit/sound.ts';
import { soundClips } from '#shared/verify/sound-clips.ts';
import { RESOURCES } from '#test/support/firmware.ts';
import { hasProgram } from '#test/support/build-bundle.ts';

const runtime = path.join(RESOURCES, 'runtime');
const noCompiler = !hasProgram('gcc');

/** A front end whose maps cover the middle of what these clips give, so that both ends are met. */
function soundOf(options: object): SoundFeatures {
  const spec = frontEndOf(WavOptionsSchema.parse(options));
  const { clip } = createFrontEnd(spec);
  const count = spec.features === 'mfcc' ? spec.coefficients : 1;
  const values: number[][] = Array.from({ length: count }, () => []);
  for (const pcm of soundClips(spec)) clip(pcm).forEach((value, i) => values[i % count]!.push(value));
  const maps = values.map((all) => {
    all.sort((a, b) => a - b);
    return soundMap(all[Math.floor(all.length * 0.02)]!, all[Math.floor(all.length * 0.98)]!);
  });
  return { ...spec, maps };
}

/** Compiles the front end with these flags and answers what it makes of the clips, whole and as streams. */
function firmwareFeatures(sound: SoundFeatures, clips: readonly Int16Array[], flags: readonly string[]): Uint8Array {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'bitsmith-sound-'));
  const [frames, features] = soundShape(sound);
  const emission = { name: 'net', upper: 'NET', plan: { arenaBytes: 16 }, provenance: { sound } };
  try {
    for (const { path: file, content } of soundFiles(emission)) {
      fs.writeFileSync(path.join(folder, path.basename(file)), content);
    }
    fs.writeFileSync(
      path.join(folder, 'net.h'),
      `#include "bitsmith.h"\n#define NET_INPUT_BYTES ${frames * features}U\n#define NET_ARENA_BYTES 16U\n`,
    );
    fs.writeFileSync(
      path.join(folder, 'network.h'),
      `#include "net.h"\n#define NETWORK_INPUT_BYTES NET_INPUT_BYTES\n${soundAdapter(emission)}`,
    );
    fs.writeFileSync(
      path.join(folder, 'clips.bin'),
      Buffer.concat(clips.map((clip) => Buffer.from(clip.buffer, clip.byteOffset, clip.byteLength))),
    );
    const functions = [...SOUND_FUNCTIONS, 'bs_sound_spectrum', 'bs_sound_level'];
    const sources = [
      ...functions.map((name) => path.join(runtime, 'src/sound', `${name}.c`)),
      ...['sound_main.c', 'port_host.c'].map((name) => path.join(runtime, 'harness', name)),
    ];
    const includes = [`-I${runtime}/include`, `-I${runtime}/harness`, '-I.'];
    execFileSync('gcc', [...COMPILE_FLAGS, ...flags, ...includes, 'net_sound.c', ...sources, '-o', 'run'], {
      cwd: folder,
      stdio: 'pipe',
    });
    execFileSync('./run', { cwd: folder, stdio: 'pipe' });
    return new Uint8Array(fs.readFileSync(path.join(folder, 'features.bin')));
  } finally {
    fs.rmSync(folder, { recursive: true, force: true });
  }
}

describe.skipIf(noCompiler)('the front end in C', () => {
  it('is in no bundle of a network that does not hear', () => {
    const plain = { name: 'net', upper: 'NET', plan: { arenaBytes: 16 }, provenance: {} };
    expect([soundFiles(plain), soundAdapter(plain), soundReadme(plain)]).toEqual([[], '', '']);
  });

  const sanitizers = ['-g', '-fsanitize=address,undefined', '-fno-sanitize-recover=all'];

  it.each([
    ['log-mel', {}, sanitizers],
    ['log-mel, optimised', {}, ['-O3', '-march=native']],
    ['MFCC', { features: 'mfcc', coefficients: 13 }, sanitizers],
    ['a short transform', { sampleRate: 8000, frame: 4, hop: 3, bands: 3, length: 0.25, scale: 'slaney' }, sanitizers],
    ['an odd frame', { frame: 20.6875, hop: 7, window: 'hamming', lowest: 0, length: 0.3, bands: 20 }, sanitizers],
    ['the longest transform', { frame: 128, hop: 100, bands: 128, lowest: 0, floor: -120 }, sanitizers],
  ] as const)('makes the same bytes as the import, whole and as a stream: %s', (_, options, flags) => {
    const sound = soundOf(options);
    const { clip } = createFrontEnd(sound);
    const clips = soundClips(sound);
    const found = firmwareFeatures(sound, clips, flags);
    const [frames, features] = soundShape(sound);
    const size = frames * features;
    expect(found).toHaveLength(2 * clips.length * size);
    const seen = new Set<number>();
    clips.forEach((pcm, i) => {
      const expected = new Uint8Array(size);
      featureBytes(clip(pcm), sound.maps, expected);
      for (const way of [0, 1]) {
        const at = (2 * i + way) * size;
        expect(found.subarray(at, at + size)).toEqual(expected);
      }
      expected.forEach((byte) => seen.add(byte));
    });
    expect(seen.size).toBeGreaterThan(60);
    expect([seen.has(0), seen.has(255)]).toEqual([true, true]);
  });
});
