import { allowedValues } from '#shared/base/schema.ts';
import { parseRunConfig, RunConfigSchema } from '../../composables/checked-config.ts';
import { isObject } from '#shared/base/json-document.ts';

/** A field of a run configuration that a search can change. */
export interface RunField {
  path: string;
  /** Its value in the configuration, defaults filled in. */
  value: unknown;
  /** The only values that it may have; empty where they are not few. */
  allowed: (string | number | boolean)[];
}

/** Fields that say what a run is called and where it comes from, and nothing about how it is trained. */
const APART = ['version', 'name', 'notes', 'tags', 'initialize'];

/**
 * Every field of a run configuration, also those that it leaves out, in their order. An object with forms of its own
 * (a method, a schedule) is a field too: a search can put a number in its place.
 *
 * @returns empty for a configuration that is none
 */
export function runFields(run: unknown): RunField[] {
  let config: unknown;
  try {
    config = JSON.parse(JSON.stringify(parseRunConfig(run)));
  } catch {
    return [];
  }
  const fields: RunField[] = [];
  const add = (path: string, keys: readonly (string | number)[], value: unknown) =>
    fields.push({ path, value, allowed: allowedValues(RunConfigSchema, config, keys) });

  function walk(value: unknown, path: string, keys: readonly (string | number)[]): void {
    if (isObject(value)) {
      if (path !== '' && 'kind' in value) add(path, keys, value);
      for (const [key, inner] of Object.entries(value)) {
        if (path === '' && APART.includes(key)) continue;
        walk(inner, path === '' ? key : `${path}.${key}`, [...keys, key]);
      }
    } else if (Array.isArray(value) && value.every(isObject)) {
      value.forEach((item, i) =>
        walk(item, `${path}[${typeof item.id === 'string' ? item.id : i}]`, [...keys, i]),
      );
    } else add(path, keys, value);
  }
  walk(config, '', []);
  return fields;
}

/** Values to begin with for a field: all that it may have, or some around the one that it has. */
export function suggestDimension({ path, value, allowed }: RunField): Record<string, unknown> {
  if (allowed.length > 1) return { values: allowed };
  if (path === 'seed') return { values: [1, 2, 3, 4, 5] };
  if (isObject(value) && path.toLowerCase().endsWith('rate')) return { min: 1e-4, max: 1e-1, scale: 'log' };
  if (typeof value !== 'number') return { values: [value] };
  if (Number.isInteger(value) && value >= 1) {
    return { values: [...new Set([Math.max(1, Math.round(value / 2)), value, value * 2])] };
  }
  if (value > 0 && (value < 0.1 || /rate|decay|strength/i.test(path)))
    return { min: round(value / 10), max: round(value * 10), scale: 'log' };
  return value > 0 && value <= 1
    ? { min: round(value / 2), max: round(Math.min(1, value * 1.5)) }
    : { values: [value] };
}

function round(value: number): number {
  return Number(value.toPrecision(6));
}
