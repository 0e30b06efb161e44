/** A JSON document that may not fit any schema yet: how editors read it and change it without touching the old one. */
export type JsonObject = Record<string, unknown>;
export type JsonKey = string | number;

export function isObject(value: unknown): value is JsonObject {
  return value !== null && typeof value === 'object' && !Array.isArray(value);
}

export function getIn(document: unknown, keys: readonly JsonKey[]): unknown {
  return keys.reduce<unknown>(
    (value, key) =>
      typeof key === 'number'
        ? Array.isArray(value)
          ? (value[key] as unknown)
          : undefined
        : isObject(value)
          ? value[key]
          : undefined,
    document,
  );
}

/**
 * A copy with one field set; what does not change is shared. `undefined` takes the field out (an array closes up), and
 * with it objects that it leaves empty.
 */
export function setIn(document: unknown, keys: readonly JsonKey[], value: unknown): JsonObject {
  const next = change(document, keys, value);
  return isObject(next) ? next : {};
}

function change(value: unknown, [key, ...rest]: readonly JsonKey[], to: unknown): unknown {
  if (key === undefined) return to;
  if (typeof key === 'number') {
    const list: readonly unknown[] = Array.isArray(value) ? value : [];
    const next = change(list[key], rest, to);
    return next === undefined ? list.toSpliced(key, 1) : list.toSpliced(key, 1, next);
  }
  const object = isObject(value) ? value : {};
  const next = change(object[key], rest, to);
  const emptied = to === undefined && rest.length > 0 && isObject(next) && Object.keys(next).length === 0;
  if (next !== undefined && !emptied) return { ...object, [key]: next };
  const { [key]: _, ...others } = object;
  return others;
}

/** A copy with one key under another name, in the same place. */
export function renameKey(object: JsonObject, from: string, to: string): JsonObject {
  return Object.fromEntries(Object.entries(object).map(([key, value]) => [key === from ? to : key, value]));
}

/** `model.layers[2].units` as keys: `['model', 'layers', 2, 'units']`. */
export function keysOf(path: string): JsonKey[] {
  return [...path.matchAll(/\[(\d+)\]|([^.[\]]+)/g)].map(([, index, name]) =>
    index === undefined ? (name ?? '') : Number(index),
  );
}
