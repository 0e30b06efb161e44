import type { FieldKind, RunField } from './fields.ts';

export const OPERATORS = ['contains', 'lacks', 'is', 'is-not', '<', '<=', '>', '>='] as const;
export type Operator = (typeof OPERATORS)[number];

/** What a run must fulfil. Of several values one is enough (for `lacks` and `is-not`: it must be none of them). */
export interface Condition {
  /** Null: any text of the run. */
  field: string | null;
  operator: Operator;
  values: readonly string[];
}

const ORDER: readonly Operator[] = ['<', '<=', '>', '>='];
const BY_KIND: Record<FieldKind, readonly Operator[]> = {
  text: ['contains', 'lacks', 'is', 'is-not'],
  list: ['contains', 'lacks', 'is', 'is-not'],
  number: [...ORDER, 'is', 'is-not'],
  share: [...ORDER, 'is', 'is-not'],
  date: [...ORDER, 'is', 'is-not'],
  any: ['is', 'is-not', 'contains', 'lacks', ...ORDER],
};

/** What a field can be asked. */
export function operatorsOf(kind: FieldKind): readonly Operator[] {
  return BY_KIND[kind];
}

export const OPERATOR_WORDS: Record<Operator, string> = {
  contains: 'contains',
  lacks: 'does not contain',
  is: 'is',
  'is-not': 'is not',
  '<': 'below',
  '<=': 'at most',
  '>': 'above',
  '>=': 'at least',
};
export const DATE_WORDS: Partial<Record<Operator, string>> = {
  '<': 'before',
  '<=': 'not after',
  '>': 'after',
  '>=': 'not before',
};

const SYMBOLS: Record<Operator, string> = {
  contains: ':',
  lacks: ':',
  is: '=',
  'is-not': '!=',
  '<': '<',
  '<=': '<=',
  '>': '>',
  '>=': '>=',
};

/** The condition as it is typed. */
export function writeCondition({ field, operator, values }: Condition): string {
  const sign = operator === 'lacks' ? '-' : '';
  if (field === null) return `${sign}${quote(values[0] ?? '', true)}`;
  return `${sign}${field}${SYMBOLS[operator]}${values.map((value) => quote(value, false)).join(',')}`;
}

export function writeFilter(conditions: readonly Condition[]): string {
  return conditions.map(writeCondition).join(' ');
}

function quote(value: string, bare: boolean): string {
  const plain = bare ? /^[^\s"=:<>!-][^\s"=:<>!]*$/ : /^[^\s",]+$/;
  return plain.test(value) ? value : `"${value.replaceAll('"', '')}"`;
}

/** The condition in words: `Accuracy at least 98%`. */
export function sayCondition({ field, operator, values }: Condition, known: RunField | undefined): string {
  const list = values.map((value) => (value === '' ? 'nothing' : value)).join(' or ');
  if (field === null) return `${operator === 'lacks' ? 'without' : 'with'} “${list}”`;
  const word = (known?.kind === 'date' ? DATE_WORDS[operator] : undefined) ?? OPERATOR_WORDS[operator];
  return `${known?.title ?? field} ${word} ${list}`;
}
