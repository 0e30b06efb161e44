import type { z } from 'zod';
import { getIn, isObject } from '#shared/base/json-document.ts';
import { allowedKeys, allowedValues } from '#shared/base/schema.ts';
import type { JsonPlace } from './json-place.ts';

export interface JsonOption {
  label: string;
  /** Text that takes the place of what was typed. */
  insert: string;
}

/** What may be written at a place: fields that are not there yet, or values where they are few. */
export function jsonOptions(schema: z.ZodType, place: JsonPlace): JsonOption[] {
  const typed = place.typed.toLowerCase();
  const fits = (word: string) => word.toLowerCase().startsWith(typed);
  if (place.kind === 'value') {
    return allowedValues(schema, place.root, place.keys)
      .filter((value) => fits(String(value)))
      .map((value) => ({ label: String(value), insert: JSON.stringify(value) }));
  }
  const now = getIn(place.root, place.keys);
  const there = isObject(now) ? Object.keys(now) : [];
  return allowedKeys(schema, place.root, place.keys)
    .filter((key) => fits(key) && (!there.includes(key) || key === place.typed))
    .map((key) => ({ label: key, insert: `${JSON.stringify(key)}: ` }));
}
