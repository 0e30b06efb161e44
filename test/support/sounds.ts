/** Sound made by formulas: there is no recorded speech in the tests. */

/** A sine whose frequency goes evenly from one to another. */
export function chirp(
  rate: number,
  samples: number,
  from: number,
  to: number,
  amplitude = 16_000,
): Int16Array {
  let phase = 0;
  return Int16Array.from({ length: samples }, (_, n) => {
    const value = Math.round(amplitude * Math.sin(phase));
    phase += (2 * Math.PI * (from + ((to - from) * n) / samples)) / rate;
    return value;
  });
}

export const tone = (rate: number, samples: number, hertz: number, amplitude?: number): Int16Array =>
  chirp(rate, samples, hertz, hertz, amplitude);

/** Even noise, the same each time. */
export function noiseSound(samples: number, amplitude: number, seed = 1): Int16Array {
  let state = seed >>> 0;
  return Int16Array.from({ length: samples }, () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.round(amplitude * (state / 2 ** 31 - 1));
  });
}

export interface WaveOptions {
  rate?: number;
  channels?: number;
  /** 16 is the default; 32 with `float`: numbers from −1 to 1. */
  bits?: 8 | 16 | 24 | 32;
  float?: boolean;
  extensible?: boolean;
  /** Chunks in front of the format. */
  before?: readonly [id: string, bytes: Uint8Array][];
  /** What the data chunk says of its length. */
  length?: number;
}

/** A WAV file of these samples, interleaved; 16-bit numbers that are widened or narrowed to the file's. */
export function waveFile(pcm: ArrayLike<number>, options: WaveOptions = {}): Uint8Array {
  const { rate = 16_000, channels = 1, bits = 16, float = false, extensible = false, before = [] } = options;
  const size = bits / 8;
  const data = new Uint8Array(pcm.length * size);
  const view = new DataView(data.buffer);
  for (let i = 0; i < pcm.length; i++) {
    const value = pcm[i]!;
    if (float) view.setFloat32(i * 4, value / 32768, true);
    else if (bits === 8) view.setUint8(i, (value >> 8) + 128);
    else if (bits === 16) view.setInt16(i * 2, value, true);
    else if (bits === 24) {
      view.setUint16(i * 3, (value << 8) & 0xffff, true);
      view.setInt8(i * 3 + 2, value >> 8);
    } else view.setInt32(i * 4, value * 65536, true);
  }
  const format = new Uint8Array(extensible ? 40 : 16);
  const header = new DataView(format.buffer);
  const code = float ? 3 : 1;
  header.setUint16(0, extensible ? 0xfffe : code, true);
  header.setUint16(2, channels, true);
  header.setUint32(4, rate, true);
  header.setUint32(8, rate * channels * size, true);
  header.setUint16(12, channels * size, true);
  header.setUint16(14, bits, true);
  if (extensible) {
    header.setUint16(16, 22, true);
    header.setUint16(18, bits, true);
    header.setUint16(24, code, true);
  }
  const chunks: [string, Uint8Array, number?][] = [
    ...before,
    ['fmt ', format],
    ['data', data, options.length],
  ];
  const parts = chunks.map(([id, bytes, length = bytes.length]) => {
    const chunk = new Uint8Array(8 + bytes.length + (bytes.length & 1));
    chunk.set(new TextEncoder().encode(id));
    new DataView(chunk.buffer).setUint32(4, length, true);
    chunk.set(bytes, 8);
    return chunk;
  });
  const body = Buffer.concat(parts);
  const head = new Uint8Array(12);
  head.set(new TextEncoder().encode('RIFF'));
  new DataView(head.buffer).setUint32(4, 4 + body.length, true);
  head.set(new TextEncoder().encode('WAVE'), 8);
  return new Uint8Array(Buffer.concat([head, body]));
}
