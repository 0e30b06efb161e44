import { BitsmithError } from '../base/errors.ts';
import { nearest } from '../base/schema.ts';
import type { Json } from './dimension.ts';

type JsonObject = { [key: string]: Json };
type Container = Json[] | JsonObject;

/** Fields that choose among forms of an object; its other fields belong to the form. */
const FORM_FIELDS: readonly string[] = ['kind', 'method', 'preset'];

/** Whether a path ends in a field that chooses the form of an object, and so has to be set before the object's others. */
export function choosesForm(path: string): boolean {
  return FORM_FIELDS.includes(keysOf(path).at(-1) ?? '');
}

/** `model.layers[0].filters` as its keys. */
export function keysOf(path: string): string[] {
  return path.split(/[.[\]]+/).filter((key) => key !== '');
}

/**
 * Sets one field of a configuration document and gives a copy. An item of a list is named by its number or its `id`:
 * `model.layers[conv1].filters`. An object that the document leaves out is taken from `defaults` (the document with every
 * default filled in), so that `training.optimizer.momentum` finds its optimizer.
 *
 * @throws BitsmithError `invalid-input` naming the path when it leads into something that holds no fields or no such item
 */
export function withField(document: Json, defaults: Json, path: string, value: Json): Json {
  return replaced(document, defaults, keysOf(path), value, path, '');
}

function replaced(
  document: Json,
  defaults: Json,
  [key, ...rest]: string[],
  value: Json,
  path: string,
  at: string,
): Json {
  if (key === undefined) return value;
  const container = containerFor(document, defaults, key, rest.length === 0, path, at);
  const where = at === '' ? key : `${at}.${key}`;
  if (Array.isArray(container)) {
    const index = indexOf(container, key, path, at);
    const inner = Array.isArray(defaults) ? (defaults[index] ?? null) : null;
    return container.with(index, replaced(container[index] ?? null, inner, rest, value, path, where));
  }
  const inner = isObject(defaults) ? (defaults[key] ?? null) : null;
  return { ...container, [key]: replaced(container[key] ?? null, inner, rest, value, path, where) };
}

/** What the next key is set in: what the document has there, else what the defaults have. */
function containerFor(
  document: Json,
  defaults: Json,
  key: string,
  last: boolean,
  path: string,
  at: string,
): Container {
  if (isContainer(document)) return document;
  if (Array.isArray(defaults)) return defaults;
  if (isObject(defaults)) {
    if (last) return FORM_FIELDS.includes(key) ? {} : defaults;
    return Object.fromEntries(Object.entries(defaults).filter(([field]) => FORM_FIELDS.includes(field)));
  }
  const scalar = document ?? defaults;
  if (scalar !== null) {
    throw new BitsmithError(
      'invalid-input',
      `"${path}" is no field of a run configuration: "${at}" is ${JSON.stringify(scalar)}, which has no fields`,
      { path },
    );
  }
  return {};
}

function indexOf(items: readonly Json[], key: string, path: string, at: string): number {
  const ids = items.map((item) => (isObject(item) && typeof item.id === 'string' ? item.id : null));
  const index = /^\d+$/.test(key) ? Number(key) : ids.findIndex((id) => id === key);
  if (index >= 0 && index < items.length) return index;
  const known = ids.filter((id) => id !== null);
  const close = nearest(key, known);
  throw new BitsmithError(
    'invalid-input',
    `"${path}" is no field of this run configuration: "${at}" has no item "${key}".` +
      (close ? ` Did you mean "${close}"?` : '') +
      ` Allowed: ${items.length > 0 ? `0 … ${items.length - 1}` : 'none'}${known.length > 0 ? `, ${known.join(', ')}` : ''}.`,
    { path },
  );
}

function isObject(value: Json): value is JsonObject {
  return value !== null && typeof value === 'object' && !Array.isArray(value);
}

function isContainer(value: Json): value is Container {
  return value !== null && typeof value === 'object';
}
