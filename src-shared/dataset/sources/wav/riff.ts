import { BitsmithError } from '../../../base/errors.ts';
import { corruptFile, type SourceSound } from '../../format.ts';

const PCM = 1;
const FLOAT = 3;
const EXTENSIBLE = 0xfffe;
/** Writers that do not know the length in advance leave this. */
const UNKNOWN_LENGTH = 0xffffffff;
const MOST_CHANNELS = 32;
const MOST_FRAMES = 1 << 27;

interface Layout {
  format: number;
  channels: number;
  rate: number;
  bits: number;
}

/**
 * Reads a RIFF/WAVE file: integers of 8 (unsigned), 16, 24 and 32 bits, and 32-bit floats from −1 to 1; plain or
 * "extensible". Channels are averaged; what is not 16 bits is rounded to 16, halves up, and clipped.
 *
 * @throws BitsmithError `corrupt` naming file, byte offset, what was expected there and what was found
 */
export function readWave(name: string, bytes: Uint8Array): SourceSound {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (bytes.length < 12 || text(bytes, 0) !== 'RIFF' || text(bytes, 8) !== 'WAVE') {
    throw corruptFile(
      name,
      0,
      'a RIFF/WAVE file',
      bytes.length < 12 ? `${bytes.length} bytes` : 'another kind of file',
    );
  }
  let layout: Layout | undefined;
  for (let at = 12; at + 8 <= bytes.length;) {
    const [id, size] = [text(bytes, at), view.getUint32(at + 4, true)];
    const begin = at + 8;
    if (id === 'data') {
      if (!layout) throw corruptFile(name, at, 'a chunk "fmt " before the data', 'the data');
      const length = size === UNKNOWN_LENGTH ? bytes.length - begin : size;
      if (begin + length > bytes.length) {
        throw corruptFile(
          name,
          bytes.length,
          `${length} bytes of sound`,
          `the end of the file after ${bytes.length - begin}`,
        );
      }
      return decode(name, view, begin, length, layout);
    }
    if (begin + size > bytes.length) {
      throw corruptFile(name, bytes.length, `${size} bytes of the chunk "${id}"`, 'the end of the file');
    }
    if (id === 'fmt ') layout = readLayout(name, view, begin, size);
    at = begin + size + (size & 1);
  }
  throw corruptFile(name, bytes.length, 'a chunk "data"', 'the end of the file');
}

function readLayout(name: string, view: DataView, at: number, size: number): Layout {
  if (size < 16) throw corruptFile(name, at, 'a chunk "fmt " of 16 bytes or more', `${size} bytes`);
  let format = view.getUint16(at, true);
  const [channels, rate, bits] = [
    view.getUint16(at + 2, true),
    view.getUint32(at + 4, true),
    view.getUint16(at + 14, true),
  ];
  if (format === EXTENSIBLE && size >= 26) format = view.getUint16(at + 24, true);
  const known = format === PCM ? [8, 16, 24, 32].includes(bits) : format === FLOAT && bits === 32;
  if (!known) {
    throw corruptFile(
      name,
      at,
      '8, 16, 24 or 32-bit PCM or 32-bit float',
      `format ${format} of ${bits} bits`,
    );
  }
  if (channels < 1 || channels > MOST_CHANNELS) {
    throw corruptFile(name, at + 2, `1 to ${MOST_CHANNELS} channels`, String(channels));
  }
  if (rate < 1000 || rate > 768_000) {
    throw corruptFile(name, at + 4, 'a sample rate from 1000 to 768000 Hz', String(rate));
  }
  return { format, channels, rate, bits };
}

function decode(name: string, view: DataView, begin: number, length: number, layout: Layout): SourceSound {
  const { format, channels, rate, bits } = layout;
  const size = bits / 8;
  const frames = Math.floor(length / (size * channels));
  if (length % (size * channels) !== 0) {
    throw corruptFile(
      name,
      begin + frames * size * channels,
      `whole frames of ${size * channels} bytes`,
      `${length % (size * channels)} bytes`,
    );
  }
  if (frames === 0) throw corruptFile(name, begin, 'sound', 'none');
  if (frames > MOST_FRAMES) {
    throw new BitsmithError('corrupt', `${name} is too long: ${frames} samples of at most ${MOST_FRAMES}`, {
      file: name,
    });
  }
  const read = reader(view, format, bits);
  const pcm = new Int16Array(frames);
  for (let i = 0, at = begin; i < frames; i++) {
    let sum = 0;
    for (let c = 0; c < channels; c++, at += size) sum += read(at);
    if (Number.isNaN(sum)) throw corruptFile(name, at - size * channels, 'a number', 'NaN');
    pcm[i] = Math.max(-32768, Math.min(32767, Math.floor(sum / channels + 0.5)));
  }
  return { rate, pcm, channels, bits };
}

/** A number in steps of 16 bits. */
function reader(view: DataView, format: number, bits: number): (at: number) => number {
  if (format === FLOAT) return (at) => view.getFloat32(at, true) * 32768;
  switch (bits) {
    case 8:
      return (at) => (view.getUint8(at) - 128) * 256;
    case 16:
      return (at) => view.getInt16(at, true);
    case 24:
      return (at) => (view.getUint16(at, true) + view.getInt8(at + 2) * 65536) / 256;
    default:
      return (at) => view.getInt32(at, true) / 65536;
  }
}

function text(bytes: Uint8Array, at: number): string {
  return String.fromCharCode(...bytes.subarray(at, at + 4));
}
