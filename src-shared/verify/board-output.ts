import { BitsmithError } from '../base/errors.ts';
import type { BoardCheck } from '../contract/api/parity.ts';
import { argMax } from './interpret.ts';

/** What a board printed, as far as it was understood. */
export type BoardOutput = Pick<BoardCheck, 'logits' | 'selfTest'>;

const INTEGER = /^[-+]?\d{1,10}$/;
const CLASS_LINE = /^\s*(?:class|logit|logits?\[)\s*(\d+)\]?\s*[:=]\s*(\S+)\s*$/i;
const TABLE = /FAIL: corrupt table (\S+)/;
const LAYER = /FAIL: first difference in layer (\S+)/;

/**
 * Reads what the programs of a bundle print over the serial line, prompts and time stamps of a terminal before it left
 * aside: the example's `class 3: -120` lines; a plain list of as many integers as there are classes, on one line or on
 * several; and the self test's `PASS` or `FAIL: …`.
 *
 * @throws BitsmithError `invalid-input` saying what is missing, twice there, or no integer of 32 bits
 */
export function parseBoardOutput(text: string, classes: number): BoardOutput {
  const lines = text
    .split(/\r\n|\r|\n/)
    .map((line) => line.replace(/^\s*\d{1,2}:\d{2}:\d{2}[.,\d]*\s*(?:->\s*)?/, ''));
  const selfTest = readSelfTest(lines);
  const logits = readClassLines(lines, classes) ?? readList(lines, classes);
  if (!logits && !selfTest) {
    const found = numbersOf(lines).length;
    throw wrong(
      text.trim() === ''
        ? 'nothing was pasted; paste the lines that the board printed'
        : `no logits were found: expected lines such as "class 0: -120", or a list of ${classes} integers${found > 0 ? `, not of ${found}` : ''}, or PASS or FAIL of the self test`,
    );
  }
  return { logits, selfTest };
}

function readSelfTest(lines: readonly string[]): BoardOutput['selfTest'] {
  for (const line of lines) {
    const table = TABLE.exec(line)?.[1];
    if (table !== undefined) return { passed: false, layer: null, table };
    const layer = LAYER.exec(line)?.[1];
    if (layer !== undefined) return { passed: false, layer, table: null };
    if (/^\s*PASS\s*$/.test(line)) return { passed: true, layer: null, table: null };
  }
  return null;
}

function readClassLines(lines: readonly string[], classes: number): number[] | null {
  const found = new Map<number, number>();
  for (const line of lines) {
    const match = CLASS_LINE.exec(line);
    if (!match) continue;
    const index = Number(match[1]);
    if (index >= classes) throw wrong(`class ${index}: the network has the classes 0 to ${classes - 1}`);
    const value = integer(match[2] ?? '', `class ${index}`);
    const before = found.get(index);
    if (before !== undefined && before !== value)
      throw wrong(`class ${index} is there twice, as ${before} and as ${value}; paste one inference`);
    found.set(index, value);
  }
  if (found.size === 0) return null;
  const missing = Array.from({ length: classes }, (_, i) => i).filter((index) => !found.has(index));
  if (missing.length > 0)
    throw wrong(`class ${missing.join(', ')}: no logit was found; paste all ${classes} lines`);
  return Array.from({ length: classes }, (_, i) => found.get(i) ?? 0);
}

/** Nothing but integers, brackets and separators: a line of all of them, or one on each line. */
function readList(lines: readonly string[], classes: number): number[] | null {
  for (const line of lines) {
    const words = numberWords(line);
    if (words?.length === classes) return words.map((word, i) => integer(word, `number ${i}`));
  }
  const all = numbersOf(lines);
  return all.length === classes ? all.map((word, i) => integer(word, `number ${i}`)) : null;
}

function numbersOf(lines: readonly string[]): string[] {
  return lines.flatMap((line) => numberWords(line) ?? []);
}

/** The words of a line of numbers; undefined where anything else stands in it. */
function numberWords(line: string): string[] | undefined {
  const words = line
    .replace(/^\s*(?:logits|output)\s*[:=]/i, '')
    .split(/[\s,;[\](){}]+/)
    .filter(Boolean);
  return words.length > 0 && words.every((word) => /^[-+]?[\d.]+$/.test(word)) ? words : undefined;
}

function integer(word: string, what: string): number {
  const value = Number(word);
  if (!INTEGER.test(word) || value < -(2 ** 31) || value > 2 ** 31 - 1)
    throw wrong(
      `${what}: "${word.slice(0, 40)}" is no integer of 32 bits; the firmware’s logits are integers`,
    );
  return value;
}

function wrong(message: string): BitsmithError {
  return new BitsmithError('invalid-input', `what the board printed: ${message}`);
}

/**
 * Compares what was read with what the reference computes.
 *
 * @param candidates samples that the board may have run, the likeliest first; the first that agrees is taken, else the first
 */
export function checkBoard(
  read: BoardOutput,
  candidates: readonly { name: string; logits: ArrayLike<number> }[],
): BoardCheck {
  const { logits, selfTest } = read;
  const differing = (expected: ArrayLike<number>) =>
    (logits ?? []).flatMap((value, index) => (value === expected[index] ? [] : [index]));
  const chosen = logits && (candidates.find((one) => differing(one.logits).length === 0) ?? candidates[0]);
  const compared = chosen
    ? {
        with: chosen.name,
        expected: Array.from(chosen.logits),
        differing: differing(chosen.logits),
        predicted: argMax(logits),
        expectedClass: argMax(chosen.logits),
      }
    : null;
  const agrees = (selfTest?.passed ?? true) && (compared ? compared.differing.length === 0 : true);
  return { logits, selfTest, compared, agrees };
}
