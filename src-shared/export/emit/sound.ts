import { mapMultiplier } from '../../dataset/sound/bytes.ts';
import { framesOf, scratchBytes, soundText, type SoundFeatures } from '../../dataset/sound/spec.ts';
import { soundTables } from '../../dataset/sound/tables.ts';
import { arrayText, banner } from './c-text.ts';
import type { BundleFile, Emission } from './types.ts';

/** What of an emission says how sound becomes the input. */
type SoundEmission = Pick<Emission, 'name' | 'upper'> & {
  plan: Pick<Emission['plan'], 'arenaBytes'>;
  provenance: Pick<Emission['provenance'], 'sound'>;
};

/** Functions of the runtime that a front end needs. */
export const SOUND_FUNCTIONS = ['bs_sound_clip', 'bs_sound_frame', 'bs_sound_push'] as const;

interface SoundTable {
  name: string;
  type: string;
  bytes: number;
  values: ArrayLike<number>;
}

function tablesOf(sound: SoundFeatures): SoundTable[] {
  const { window, sines, edges, rise, cosines } = soundTables(sound);
  const tables = [
    { name: 'window', type: 'uint16_t', bytes: 2, values: window },
    { name: 'sines', type: 'int32_t', bytes: 4, values: sines },
    { name: 'edges', type: 'uint16_t', bytes: 2, values: edges },
    { name: 'rise', type: 'uint8_t', bytes: 1, values: rise },
    { name: 'cosines', type: 'int16_t', bytes: 2, values: cosines },
  ];
  return tables.filter(({ values }) => values.length > 0);
}

/** Bytes of a front end's constants: its tables and maps. */
export function soundTableBytes(sound: SoundFeatures): number {
  return tablesOf(sound).reduce(
    (sum, { bytes, values }) => sum + bytes * values.length,
    12 * sound.maps.length,
  );
}

/**
 * `include/<net>_sound.h` and `src/<net>_sound.c`: the front end from 16-bit sound to the network's input, for a data set
 * of sound. It computes what `dataset/sound/front-end.ts` defines, bit for bit.
 */
export function soundFiles(emission: SoundEmission): BundleFile[] {
  const { name, provenance } = emission;
  if (!provenance.sound) return [];
  return [
    { path: `include/${name}_sound.h`, content: headerText(emission, provenance.sound) },
    { path: `src/${name}_sound.c`, content: sourceText(emission, provenance.sound) },
  ];
}

function headerText({ name, upper, plan }: SoundEmission, sound: SoundFeatures): string {
  const scratch = scratchBytes(sound);
  const lent =
    scratch <= plan.arenaBytes
      ? `The arena of ${name}_run may be lent for it: it is not in use in between.`
      : `It is more than the arena of ${name}_run, which may lie in the same memory.`;
  return (
    banner('From sound to the input of the network, in integers.', [`${soundText(sound)}.`]) +
    `#ifndef ${upper}_SOUND_H
#define ${upper}_SOUND_H

#include "${name}.h"
#include "bitsmith_sound.h"

#ifdef __cplusplus
extern "C" {
#endif

/** Samples in a second; 16 bits, signed, one channel. */
#define ${upper}_SOUND_RATE ${sound.sampleRate}U
/** Samples of a clip: what the network hears at once. */
#define ${upper}_SOUND_SAMPLES ${sound.samples}U
/** Samples of a frame, and from the start of one to that of the next. */
#define ${upper}_SOUND_FRAME ${sound.frame}U
#define ${upper}_SOUND_HOP ${sound.hop}U
/** Frames of a clip, and features of a frame: rows and columns of the input. */
#define ${upper}_SOUND_FRAMES ${framesOf(sound)}U
#define ${upper}_SOUND_FEATURES ${sound.coefficients}U
/** Working memory; its content need not be kept between calls. ${lent} */
#define ${upper}_SOUND_SCRATCH_BYTES ${scratch}U
#define ${upper}_SOUND_SCRATCH_ALIGN 4U

/** The front end as the runtime wants it. */
extern const bs_sound ${name}_sound;

/**
 * The input of the network from a whole clip.
 *
 * @param pcm ${upper}_SOUND_SAMPLES samples
 * @param input ${upper}_INPUT_BYTES bytes, written
 * @param scratch at least ${upper}_SOUND_SCRATCH_BYTES bytes, aligned to ${upper}_SOUND_SCRATCH_ALIGN
 * @return BS_OK, or what is wrong with the arguments; then nothing was written
 */
bs_status ${name}_features(const int16_t *pcm, uint8_t *input, void *scratch, size_t scratch_bytes);

/**
 * The input of the network from a stream: its rows move up by one, and the newest frame becomes the last row. Call it every
 * ${upper}_SOUND_HOP samples; after ${upper}_SOUND_FRAMES calls the input is that of the last clip.
 *
 * @param frame the newest ${upper}_SOUND_FRAME samples
 */
bs_status ${name}_push(const int16_t *frame, uint8_t *input, void *scratch, size_t scratch_bytes);

#ifdef __cplusplus
}
#endif

#endif
`
  );
}

function sourceText({ name, upper }: SoundEmission, sound: SoundFeatures): string {
  const tables = tablesOf(sound);
  const arrays = tables.map(({ name: table, type, values }) =>
    arrayText(`static const ${type} ${table}[${values.length}]`, Array.from(values, String)),
  );
  const maps = sound.maps.map((map) => `{${map[0]}, ${map[1]}, ${mapMultiplier(map)}U}`);
  const check = `    if (BAD == NULL || input == NULL || scratch == NULL) {
        return BS_ERROR_ARGUMENT;
    }
    if (scratch_bytes < ${upper}_SOUND_SCRATCH_BYTES) {
        return BS_ERROR_ARENA_SIZE;
    }
    if ((uintptr_t)scratch % ${upper}_SOUND_SCRATCH_ALIGN != 0U) {
        return BS_ERROR_ARENA_ALIGNMENT;
    }
`;
  const call = (fn: string, parameter: string, runtime: string) =>
    `bs_status ${name}_${fn}(const int16_t *${parameter}, uint8_t *input, void *scratch, size_t scratch_bytes)
{
${check.replace('BAD', parameter)}    ${runtime}(&${name}_sound, ${parameter}, input, (int32_t *)scratch);
    return BS_OK;
}
`;
  return (
    banner('From sound to the input of the network: tables of the front end.', [`${soundText(sound)}.`]) +
    `#include "${name}_sound.h"

${arrays.join('\n')}
${arrayText(`static const bs_sound_map maps[${maps.length}]`, maps)}
const bs_sound ${name}_sound = {
    ${upper}_SOUND_SAMPLES, ${upper}_SOUND_FRAME, ${upper}_SOUND_HOP, ${upper}_SOUND_FRAMES,
    ${sound.fft}U, ${sound.bands}U, ${upper}_SOUND_FEATURES, ${sound.floor}U, ${maps.length}U,
    maps, window, sines, edges, rise, ${sound.features === 'mfcc' ? 'cosines' : 'NULL'}};

${call('features', 'pcm', 'bs_sound_clip')}
${call('push', 'frame', 'bs_sound_push')}`
  );
}

/** Lines of \`verify/network.h\` for the test programs; empty where the input is no sound. */
export function soundAdapter({ name, upper, provenance }: SoundEmission): string {
  if (!provenance.sound) return '';
  return `
#include "${name}_sound.h"

#define NETWORK_SOUND
#define NETWORK_ARENA_BYTES ${upper}_ARENA_BYTES
#define NETWORK_SOUND_SAMPLES ${upper}_SOUND_SAMPLES
#define NETWORK_SOUND_HOP ${upper}_SOUND_HOP
#define NETWORK_SOUND_FRAMES ${upper}_SOUND_FRAMES
#define NETWORK_SOUND_SCRATCH_BYTES ${upper}_SOUND_SCRATCH_BYTES
#define network_features ${name}_features
#define network_push ${name}_push
`;
}

/** A chapter of the README; empty where the input is no sound. */
export function soundReadme({ name, upper, plan, provenance }: SoundEmission): string {
  const { sound } = provenance;
  if (!sound) return '';
  const scratch = scratchBytes(sound);
  return `
## Sound

\`${name}_sound.h\` makes the input of 16-bit sound, in integers, exactly as the data set was made: ${soundText(sound)}.

| | |
| --- | --- |
| Clip | ${sound.samples} samples at ${sound.sampleRate} Hz |
| Frames | ${framesOf(sound)} of ${sound.frame} samples, every ${sound.hop}; Fourier transform of ${sound.fft} |
| Bands | ${sound.bands}, ${sound.scale === 'htk' ? 'HTK' : 'Slaney'} mel scale, ${sound.lowest} to ${sound.highest} Hz, ${sound.window === 'hann' ? 'Hann' : 'Hamming'} window |
| Constant tables | ${soundTableBytes(sound)} bytes, beside those of the network |
| Working memory | ${scratch} bytes${scratch <= plan.arenaBytes ? '; the arena may be lent for it' : ''} |

\`\`\`c
#include "${name}_sound.h"

static int16_t clip[${upper}_SOUND_SAMPLES];
static uint8_t input[${upper}_INPUT_BYTES];

if (${name}_features(clip, input, scratch, sizeof scratch) == BS_OK) { /* then ${name}_run(input, …) */ }
\`\`\`

For a stream, \`${name}_push\` takes the newest ${sound.frame} samples every ${sound.hop} and keeps \`input\` up to date, so that no clip
has to be stored. \`bitsmith verify\` compares both with the reference, byte by byte.
`;
}
