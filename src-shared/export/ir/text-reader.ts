import { BitsmithError } from '../../base/errors.ts';
import { PLAIN_NAME } from './text.ts';

const SPACE = /\s*/y;
const INTEGER = /-?\d+(?![.\d]|e[-+\d])/y;
const REAL = /-?(?:\d+(?:\.\d+)?(?:e[-+]?\d+)?|Infinity)|NaN/y;
const PLAIN = new RegExp(PLAIN_NAME.source, 'y');
const QUOTED = /"(?:[^"\\\n]|\\.)*"/y;
const TERNARY_ROWS = /[-0+]+(?:\s+[-0+]+)*(?=\s*\])/y;
const SOMETHING = /\S+/y;

/** Reads a text from left to right. Spaces and line ends separate, and mean nothing else. */
export class TextReader {
  readonly #text: string;
  readonly #what: string;
  #at = 0;

  /** @param what names the text in errors */
  constructor(text: string, what: string) {
    this.#text = text;
    this.#what = what;
    this.#match(SPACE);
  }

  /** @throws BitsmithError `invalid-input` with line and column (both from 1) of what comes next */
  fail(reason: string): never {
    const before = this.#text.slice(0, this.#at).split('\n');
    const [line, column] = [before.length, (before.at(-1) ?? '').length + 1];
    throw new BitsmithError('invalid-input', `${this.#what}, line ${line}, column ${column}: ${reason}`, {
      line,
      column,
    });
  }

  expected(wanted: string): never {
    const next = this.#match(SOMETHING, false)?.slice(0, 24);
    return this.fail(
      `${wanted} was expected, but ${next === undefined ? 'the text ends' : `"${next}" comes`}`,
    );
  }

  /** What the sticky expression finds right here; it is read, and the space behind it. */
  #match(expression: RegExp, read = true): string | undefined {
    expression.lastIndex = this.#at;
    const found = expression.exec(this.#text)?.[0];
    if (found !== undefined && read) {
      this.#at += found.length;
      if (expression !== SPACE) this.#match(SPACE);
    }
    return found;
  }

  atEnd(): boolean {
    return this.#at === this.#text.length;
  }

  sees(characters: string): boolean {
    return this.#text.startsWith(characters, this.#at);
  }

  /** Whether the text goes on with these characters; then they are read. */
  takes(characters: string): boolean {
    if (!this.sees(characters)) return false;
    this.#at += characters.length;
    this.#match(SPACE);
    return true;
  }

  /** The same for a whole word, which is not the name of what comes next (`word:`). */
  takesWord(word: string): boolean {
    return this.#match(new RegExp(`${word}(?![A-Za-z0-9_./-]|\\s*:)`, 'y')) !== undefined;
  }

  expect(...parts: string[]): void {
    for (const part of parts) if (!this.takes(part)) this.expected(`"${part}"`);
  }

  integer(): number {
    return Number(this.#match(INTEGER) ?? this.expected('an integer'));
  }

  /** A number as JavaScript writes it. */
  real(): number {
    return Number(this.#match(REAL) ?? this.expected('a number'));
  }

  /** A plain name, or one in quotation marks. */
  name(): string {
    const plain = this.#match(PLAIN);
    if (plain !== undefined) return plain;
    const quoted = this.#match(QUOTED, false) ?? this.expected('a name');
    try {
      const name = JSON.parse(quoted) as string;
      this.#match(QUOTED);
      return name;
    } catch {
      return this.expected('a name in quotation marks, as JSON has them,');
    }
  }

  oneOf<T extends string>(words: readonly T[]): T {
    const next = this.#match(PLAIN, false);
    const word = words.find((candidate) => candidate === next);
    if (word === undefined) return this.expected(`one of ${words.join(', ')}`);
    this.#match(PLAIN);
    return word;
  }

  /** Items with commas between them, as many as there are. */
  separated<T>(item: () => T): T[] {
    const items = [item()];
    while (this.takes(',')) items.push(item());
    return items;
  }

  /** `[1,-2,3]`, or `[]`. */
  list(item: () => number = () => this.integer()): number[] {
    this.expect('[');
    if (this.takes(']')) return [];
    const items = this.separated(item);
    this.expect(']');
    return items;
  }

  /** Weight codes, filter by filter, all of as many: `[+0- --+]` or `[1,-2,3; 4,0,5]`. */
  codes(filters: number): Int8Array {
    this.expect('[');
    const rows = this.#ternaryRows() ?? this.#numberRows();
    const taps = rows[0]?.length ?? 0;
    if (rows.length !== filters || rows.some((row) => row.length !== taps)) {
      const lengths = rows.map((row) => row.length).join(', ');
      this.fail(`${filters} filters with as many codes each were expected, but these have ${lengths}`);
    }
    this.expect(']');
    return Int8Array.from(rows.flat());
  }

  #ternaryRows(): number[][] | undefined {
    const rows = this.#match(TERNARY_ROWS)?.trim().split(/\s+/);
    return rows?.map((row) => Array.from(row, (code) => '-0+'.indexOf(code) - 1));
  }

  #numberRows(): number[][] {
    const rows = [this.separated(() => this.#code())];
    while (this.takes(';')) rows.push(this.separated(() => this.#code()));
    return rows;
  }

  #code(): number {
    const code = Number(this.#match(INTEGER, false) ?? NaN);
    return code >= -128 && code <= 127 ? this.integer() : this.expected('a code from -128 to 127');
  }
}
