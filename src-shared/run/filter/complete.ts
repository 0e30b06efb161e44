import type { RunFields } from '../../contract/api/run.ts';
import type { RunSummary } from '../record.ts';
import { CONFIG_PREFIX, METRIC_PREFIX, runField, SUMMARY_FIELDS } from './fields.ts';
import { tokenize, type Token } from './tokens.ts';

/** What may be put in place of the text from `from` to `to`. */
export interface Completion {
  from: number;
  to: number;
  options: CompletionOption[];
}

export interface CompletionOption {
  text: string;
  /** What it is, e.g. `Data set`, `12 runs`. */
  hint: string;
}

const MOST = 8;
const NOTHING: Completion = { from: 0, to: 0, options: [] };

/**
 * What can go on at the caret: names of fields while one is typed, after a colon or comparison the values that runs have.
 *
 * @param fields fields of configurations and metrics; null: not known yet
 */
export function completeFilter(
  text: string,
  caret: number,
  runs: readonly RunSummary[],
  fields: RunFields | null,
): Completion {
  const token = tokenize(text).find(({ start, end }) => start < caret && caret <= end);
  if (!token || token.open) return NOTHING;
  const nameEnd = (token.values[0]?.start ?? token.end) - (token.operator?.length ?? 0);
  if (token.field === null || caret <= nameEnd) return names(token, text, caret, nameEnd, fields);
  return values(token, caret, runs, fields);
}

function names(
  token: Token,
  text: string,
  caret: number,
  nameEnd: number,
  fields: RunFields | null,
): Completion {
  const from = token.start + (token.negated ? 1 : 0);
  const typed = text.slice(from, caret).toLowerCase();
  if (typed === '' || typed.startsWith('"')) return NOTHING;
  const known = [
    ...SUMMARY_FIELDS.map(({ name, title, kind }) => ({
      name,
      hint: title,
      ending: kind === 'text' || kind === 'list' ? ':' : '',
    })),
    ...(fields?.metrics ?? []).map((name) => ({
      name: `${METRIC_PREFIX}${name}`,
      hint: 'Metric',
      ending: '',
    })),
    ...(fields?.config ?? []).map(({ path }) => ({
      name: `${CONFIG_PREFIX}${path}`,
      hint: 'Configuration',
      ending: '',
    })),
  ];
  const found = ranked(known, typed, ({ name, hint }) => [name, hint]);
  return {
    from,
    to: token.field === null ? token.end : nameEnd,
    options: found.map(({ name, hint, ending }) => ({
      text: `${name}${token.field === null ? ending : ''}`,
      hint,
    })),
  };
}

function values(
  token: Token,
  caret: number,
  runs: readonly RunSummary[],
  fields: RunFields | null,
): Completion {
  const value = token.values.findLast(({ start }) => start <= caret);
  const field = runField(token.field ?? '');
  if (!value || !field || value.quoted || field.kind === 'date') return NOTHING;
  const typed = value.text.slice(0, Math.max(0, caret - value.start)).toLowerCase();
  const all = field.name.startsWith(CONFIG_PREFIX)
    ? (fields?.config.find(({ path }) => `${CONFIG_PREFIX}${path}` === field.name)?.values ?? []).map(
        (one) => ({
          text: one,
          hint: '',
        }),
      )
    : field.kind === 'text' || field.kind === 'list'
      ? counted(runs, field.name)
      : [];
  const options = (typed === '' ? all : ranked(all, typed, ({ text }) => [text])).slice(0, MOST);
  return {
    from: value.start,
    to: value.start + value.text.length,
    options: options
      .filter(({ text }) => text.toLowerCase() !== typed)
      .map(({ text, hint }) => ({
        text: /[\s",]/.test(text) ? `"${text.replaceAll('"', '')}"` : text,
        hint,
      })),
  };
}

/** The values of a field with the number of runs that have them, most frequent first. */
function counted(runs: readonly RunSummary[], name: string): CompletionOption[] {
  const field = runField(name);
  const counts = new Map<string, number>();
  for (const run of runs) {
    const value = field?.value(run) ?? null;
    const list = value === null || value === '' ? [] : typeof value === 'object' ? value : [String(value)];
    for (const one of list) if (one.length <= 60) counts.set(one, (counts.get(one) ?? 0) + 1);
  }
  return [...counts]
    .toSorted((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1))
    .map(([text, n]) => ({ text, hint: `${n} ${n === 1 ? 'run' : 'runs'}` }));
}

/** Those that begin with what was typed, then those in which a part does, then those that contain it. */
function ranked<T>(all: readonly T[], typed: string, words: (one: T) => readonly string[]): T[] {
  const rank = (one: T): number => {
    const low = words(one).map((word) => word.toLowerCase());
    if (low[0]?.startsWith(typed)) return 0;
    if (low.some((word) => word.split(/[./ -]/).some((part) => part.startsWith(typed)))) return 1;
    return low.some((word) => word.includes(typed)) ? 2 : 3;
  };
  return all
    .map((one) => ({ one, rank: rank(one) }))
    .filter((entry) => entry.rank < 3)
    .toSorted((a, b) => a.rank - b.rank)
    .slice(0, MOST)
    .map(({ one }) => one);
}
