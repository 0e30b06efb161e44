export type JsonObject = Record<string, unknown>;

export function isObject(value: unknown): value is JsonObject {
  return value !== null && typeof value === 'object' && !Array.isArray(value);
}

export function getIn(document: unknown, keys: readonly string[]): unknown {
  return keys.reduce<unknown>((value, key) => (isObject(value) ? value[key] : undefined), document);
}

/** A copy with one field set; `undefined` takes it out, and with it objects that it leaves empty. */
export function setIn(document: unknown, [key, ...rest]: readonly string[], value: unknown): JsonObject {
  const object = isObject(document) ? document : {};
  if (key === undefined) return object;
  const next = rest.length > 0 ? setIn(object[key], rest, value) : value;
  const gone =
    next === undefined ||
    (value === undefined && rest.length > 0 && Object.keys(next as object).length === 0);
  if (!gone) return { ...object, [key]: next };
  const { [key]: _, ...others } = object;
  return others;
}

/** A copy with one key under another name, in the same place. */
export function renameKey(object: JsonObject, from: string, to: string): JsonObject {
  return Object.fromEntries(Object.entries(object).map(([key, value]) => [key === from ? to : key, value]));
}
