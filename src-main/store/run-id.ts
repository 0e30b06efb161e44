import { randomInt } from 'node:crypto';
import { BitsmithError } from '#shared/base/errors.ts';
import type { RunTable } from './tables/run.ts';
import type { SearchTable } from './tables/search.ts';

/** Crockford's base 32 in lower case: no i, l, o, u. */
const ALPHABET = '0123456789abcdefghjkmnpqrstvwxyz';
const START = Date.UTC(2020, 0, 1);
const TICK = 64; // milliseconds; 7 digits of them last until 2089
const TIME_DIGITS = 7;
const RANDOM_DIGITS = 3;
const MOST_TICKS_AHEAD = 60_000 / TICK;

/**
 * A new run id: 7 digits of time and 3 of chance, so that ids sort by time and their first few digits name a run.
 *
 * @param last the greatest id so far; the new one is greater, unless the clock was set back by more than a minute
 */
export function newRunId(now: number, last: string | undefined, random: number = randomInt(1 << 15)): string {
  const time = encode(Math.floor((now - START) / TICK), TIME_DIGITS);
  const id = time + encode(random, RANDOM_DIGITS);
  if (last === undefined || id > last) return id;
  // Far ahead it was given under another clock, and no order can be kept.
  if (decode(last.slice(0, TIME_DIGITS)) - decode(time) > MOST_TICKS_AHEAD) return id;
  return encode(decode(last) + 1, TIME_DIGITS + RANDOM_DIGITS);
}

/**
 * The run that a person means by an id or the beginning of one. Case does not matter, and i, l, o are read as 1, 1, 0.
 *
 * @throws BitsmithError `not-found` for an unknown one, `invalid-input` listing the candidates for an ambiguous one
 */
export function resolveRunId(runs: RunTable, given: string): string {
  return resolveId(runs, given, 'run', '`bitsmith runs list` shows all runs');
}

/** The same for a search. */
export function resolveSearchId(searches: SearchTable, given: string): string {
  return resolveId(searches, given, 'search', '`bitsmith search list` shows all searches');
}

interface Named {
  idsWithPrefix(prefix: string, limit: number): string[];
  get(id: string): { name: string };
}

function resolveId(rows: Named, given: string, noun: 'run' | 'search', hint: string): string {
  const prefix = given.trim().toLowerCase().replaceAll(/[il]/g, '1').replaceAll('o', '0');
  const wellFormed = prefix !== '' && [...prefix].every((digit) => ALPHABET.includes(digit));
  const found = wellFormed ? rows.idsWithPrefix(prefix, 6) : [];
  const [only, ...others] = found;
  if (only !== undefined && (others.length === 0 || only === prefix)) return only;
  if (only === undefined) {
    throw new BitsmithError('not-found', `there is no ${noun} "${given}"; ${hint}`, {
      [noun]: given,
    });
  }
  const shown = found.slice(0, 5).map((id) => `${id} (${rows.get(id).name})`);
  throw new BitsmithError(
    'invalid-input',
    `${noun} "${given}" is ambiguous; it could be ${shown.join(', ')}${found.length > 5 ? ', …' : ''}`,
    { [noun]: given, candidates: found },
  );
}

function encode(value: number, digits: number): string {
  let text = '';
  for (let rest = value; text.length < digits; rest = Math.floor(rest / 32))
    text = ALPHABET[rest % 32] + text;
  return text;
}

function decode(text: string): number {
  return [...text].reduce((value, digit) => value * 32 + ALPHABET.indexOf(digit), 0);
}
