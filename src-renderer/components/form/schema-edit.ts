import type { JsonKey } from '#shared/base/json-document.ts';
import { writeValues } from './values-text.ts';
import type { FormField } from './schema-fields.ts';

/** What is wrong with a value inside a form: where, as a path (`size[0]`), and in one sentence. */
export interface FormProblem {
  path: string;
  text: string;
}

/** A change of one field: its keys within the form's object, and its value; undefined takes it out. */
export type FormChange = [keys: JsonKey[], value: unknown];

/** The default is left out of the document, so that what is written is what was chosen. */
export function written(field: FormField, value: unknown): unknown {
  return JSON.stringify(value) === JSON.stringify(field.fallback) ? undefined : value;
}

/** The problems of a field and of what is inside of it, their paths from there on. */
export function problemsOf(problems: readonly FormProblem[], key: string): FormProblem[] {
  return problems.flatMap(({ path, text }) => {
    if (path !== key && !path.startsWith(`${key}.`) && !path.startsWith(`${key}[`)) return [];
    return [{ path: path.slice(key.length).replace(/^\./, ''), text }];
  });
}

/** What a field says where nothing is typed. */
export function placeholderOf(field: FormField): string {
  const { fallback, absent } = field;
  if (fallback === undefined) return absent;
  return Array.isArray(fallback) ? writeValues(fallback) : String(fallback);
}
