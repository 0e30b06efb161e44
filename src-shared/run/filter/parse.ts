import { nearest } from '../../base/schema.ts';
import { operatorsOf, type Condition, type Operator } from './condition.ts';
import { isRemote, runField, SUMMARY_FIELDS, type FieldKind, type RunField } from './fields.ts';
import { tokenize, type Symbol, type Token } from './tokens.ts';
import { readNumber, readShare, readTime } from './values.ts';

/** A filter that was understood, or the one sentence that says why not. */
export type ParsedFilter = { conditions: Condition[]; problem: null } | { conditions: null; problem: string };

interface ParseOptions {
  /** Fields of configurations and metrics that there are; absent: any is taken. */
  remote?: ReadonlySet<string> | undefined;
}

const OPERATOR: Record<Symbol, Operator> = {
  ':': 'contains',
  '=': 'is',
  '!=': 'is-not',
  '<': '<',
  '<=': '<=',
  '>': '>',
  '>=': '>=',
};
const NEGATED: Record<Operator, Operator> = {
  contains: 'lacks',
  lacks: 'contains',
  is: 'is-not',
  'is-not': 'is',
  '<': '>=',
  '<=': '>',
  '>': '<=',
  '>=': '<',
};
const NOUNS: Record<FieldKind, string> = {
  text: 'is text: ask it with :, = or !=',
  list: 'is a list: ask it with :, = or !=',
  number: 'is a number: compare it with =, !=, <, <=, > or >=',
  share: 'is a number: compare it with =, !=, <, <=, > or >=',
  date: 'is a date: compare it with =, !=, <, <=, > or >=',
  any: '',
};

/**
 * Reads a filter: conditions that must all hold. A bare word occurs in any text of a run (`mnist "two words"`); `-` turns
 * a condition round; `tag:paper` contains, `dataset=mnist` is, `status=failed,crashed` is one of, `accuracy>=98%`,
 * `created>7d`, `config.training.batchSize=64`, `metric.train/loss<0.1`. The last condition may be unfinished: it says
 * nothing yet.
 */
export function parseFilter(text: string, options: ParseOptions = {}): ParsedFilter {
  const conditions: Condition[] = [];
  for (const token of tokenize(text)) {
    const unfinished = token.end === text.length && isUnfinished(token);
    if (unfinished) continue;
    const read = readToken(token, text.slice(token.start, token.end), options);
    if (typeof read === 'string') return { conditions: null, problem: read };
    conditions.push(read);
  }
  return { conditions, problem: null };
}

function isUnfinished(token: Token): boolean {
  if (token.open) return true;
  return token.values.some(({ text, quoted }) => text === '' && !quoted);
}

function readToken(token: Token, typed: string, { remote }: ParseOptions): Condition | string {
  if (token.open) return `${typed} lacks its closing quotation mark.`;
  const values = token.values.map(({ text }) => text);
  if (token.field === null || token.operator === null) {
    if (isUnfinished(token)) return `“${typed}” has nothing after it.`;
    return { field: null, operator: token.negated ? 'lacks' : 'contains', values };
  }
  const field = runField(token.field);
  if (!field) return unknownField(token.field, typed);
  if (remote && isRemote(field.name) && !remote.has(field.name)) {
    return `No run has a field “${field.name}”.`;
  }
  if (isUnfinished(token)) return `“${typed}” lacks a value after ${token.operator}.`;
  const asked = OPERATOR[token.operator];
  const condition = { field: field.name, operator: token.negated ? NEGATED[asked] : asked, values };
  return conditionProblem(field, condition) ?? condition;
}

/** Why a field cannot be asked this; null: it can. */
export function conditionProblem(field: RunField, { operator, values }: Condition): string | null {
  if (!operatorsOf(field.kind).includes(operator)) return `“${field.name}” ${NOUNS[field.kind]}.`;
  const ordered = operator.startsWith('<') || operator.startsWith('>');
  if (ordered && values.length > 1)
    return `“${field.name}” is compared with one value, not ${values.length}.`;
  for (const value of values) {
    const problem = valueProblem(field, value, ordered);
    if (problem) return problem;
  }
  return null;
}

function valueProblem({ name, kind, values }: RunField, value: string, ordered: boolean): string | null {
  if (value === '' && !ordered) return null;
  if (values) {
    const fits = values.some((one) => one.includes(value.toLowerCase()));
    return fits ? null : `“${name}” is one of ${values.join(', ')}; “${value}” is none of them.`;
  }
  switch (kind) {
    case 'share':
      return readShare(value) === null
        ? `“${name}” is a share from 0 to 1: write 98% or 0.98, not “${value}”.`
        : null;
    case 'number':
      return readNumber(value) === null ? `“${name}” is a number; “${value}” is none.` : null;
    case 'date':
      return readTime(value, 0) === null
        ? `“${name}” is a date: write 2026-03-14, 2026-03-14T09:30 or 7d (days ago), not “${value}”.`
        : null;
    case 'any':
      return ordered && readNumber(value) === null
        ? `“${name}” can only be compared with a number; “${value}” is none.`
        : null;
    default:
      return null;
  }
}

function unknownField(name: string, typed: string): string {
  const near = nearest(
    name,
    SUMMARY_FIELDS.map((field) => field.name),
  );
  return near
    ? `“${name}” is no field of a run; did you mean “${near}”?`
    : `“${name}” is no field of a run; put "${typed}" in quotation marks to look for it as text.`;
}
