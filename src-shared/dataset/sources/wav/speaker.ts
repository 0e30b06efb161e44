import { baseName, type Split } from '../../format.ts';

const PERCENT = 100;
/** Of a hundred parts, those of the test set; those below were meant for validation and are trained on here. */
const TEST_FROM = 10;
const TEST_TO = 20;
const BUCKETS = 2 ** 27;

/** The speaker whom a file name such as `0a7c2a8d_nohash_0.wav` names; null: it names none. */
export function speakerOf(name: string): string | null {
  const file = baseName(name);
  const at = file.search(/_nohash_.*$/);
  return at > 0 ? file.slice(0, at) : null;
}

/**
 * The part that a speaker belongs to, by the rule of the Speech Commands data set (Warden, arXiv 1804.03209): the SHA-1 of
 * the speaker's name, modulo 2²⁷, as a percentage; 10 to 20 is the test set. So all recordings of one speaker are on one
 * side, and stay there when recordings are added.
 */
export function partOfSpeaker(speaker: string): Split {
  const bucket = lastWordOfSha1(speaker) % BUCKETS;
  const percent = (bucket * PERCENT) / (BUCKETS - 1);
  return percent >= TEST_FROM && percent < TEST_TO ? 'test' : 'train';
}

/** The last 32 bits of the SHA-1 of a text in ASCII (FIPS 180-4). */
function lastWordOfSha1(text: string): number {
  const length = text.length;
  const words = new Uint32Array((((length + 8) >> 6) + 1) * 16);
  for (let i = 0; i < length; i++) words[i >> 2]! |= (text.charCodeAt(i) & 255) << (24 - 8 * (i & 3));
  words[length >> 2]! |= 0x80 << (24 - 8 * (length & 3));
  words[words.length - 1] = 8 * length;
  let [h0, h1, h2, h3, h4] = [0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476, 0xc3d2e1f0];
  const schedule = new Uint32Array(80);
  const turn = (word: number, by: number) => (word << by) | (word >>> (32 - by));
  for (let block = 0; block < words.length; block += 16) {
    schedule.set(words.subarray(block, block + 16));
    for (let t = 16; t < 80; t++) {
      schedule[t] = turn(schedule[t - 3]! ^ schedule[t - 8]! ^ schedule[t - 14]! ^ schedule[t - 16]!, 1);
    }
    let [a, b, c, d, e] = [h0, h1, h2, h3, h4];
    for (let t = 0; t < 80; t++) {
      const [mix, constant] =
        t < 20
          ? [(b & c) | (~b & d), 0x5a827999]
          : t < 40
            ? [b ^ c ^ d, 0x6ed9eba1]
            : t < 60
              ? [(b & c) | (b & d) | (c & d), 0x8f1bbcdc]
              : [b ^ c ^ d, 0xca62c1d6];
      const next = (turn(a, 5) + mix + e + constant + schedule[t]!) | 0;
      [e, d, c, b, a] = [d, c, turn(b, 30), a, next];
    }
    [h0, h1, h2, h3, h4] = [(h0 + a) | 0, (h1 + b) | 0, (h2 + c) | 0, (h3 + d) | 0, (h4 + e) | 0];
  }
  return h4 >>> 0;
}
