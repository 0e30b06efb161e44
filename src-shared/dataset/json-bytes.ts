import { corruptFile } from './format.ts';

/** Reads JSON that holds nothing but arrays of byte values, straight from the file's bytes: exact offsets, no garbage. */
export class ByteArrayScanner {
  readonly #file: string;
  readonly #bytes: Uint8Array;
  #at = 0;

  constructor(file: string, bytes: Uint8Array) {
    this.#file = file;
    this.#bytes = bytes;
  }

  get offset(): number {
    return this.#at;
  }

  /** Takes `text` (one token or several without blanks between them) and says whether it was there. */
  take(text: string): boolean {
    this.#skipBlanks();
    for (let i = 0; i < text.length; i++) {
      if (this.#bytes[this.#at + i] !== text.charCodeAt(i)) return false;
    }
    this.#at += text.length;
    return true;
  }

  /** @throws BitsmithError `corrupt` when `text` is not what comes next */
  expect(text: string): void {
    if (!this.take(text)) throw this.#unexpected(`"${text}"`);
  }

  /** An array of integers 0 … 255, written to `out` from `at` on; returns how many there were. */
  byteArray(out: Uint8Array, at: number): number {
    this.expect('[');
    if (this.take(']')) return 0;
    let count = 0;
    do {
      if (at + count >= out.length) throw this.#unexpected(`at most ${out.length - at} values`);
      out[at + count] = this.#byteValue();
      count++;
    } while (this.take(','));
    this.expect(']');
    return count;
  }

  /** @throws BitsmithError `corrupt` when anything but blanks is left */
  expectEnd(): void {
    this.#skipBlanks();
    if (this.#at < this.#bytes.length) throw this.#unexpected('the end of the file');
  }

  #byteValue(): number {
    this.#skipBlanks();
    const start = this.#at;
    let value = 0;
    for (;;) {
      const digit = this.#bytes[this.#at]! - 48;
      if (!(digit >= 0 && digit <= 9) || this.#at - start === 3) break;
      value = value * 10 + digit;
      this.#at++;
    }
    if (this.#at === start || value > 255) {
      this.#at = start;
      throw this.#unexpected('an integer from 0 to 255');
    }
    return value;
  }

  #skipBlanks(): void {
    for (;;) {
      const byte = this.#bytes[this.#at];
      if (byte !== 32 && byte !== 10 && byte !== 13 && byte !== 9) return;
      this.#at++;
    }
  }

  #unexpected(expected: string): Error {
    const rest = this.#bytes.subarray(this.#at, this.#at + 12);
    const found = rest.length === 0 ? 'the end of the file' : JSON.stringify(new TextDecoder().decode(rest));
    return corruptFile(this.#file, this.#at, expected, found);
  }
}
