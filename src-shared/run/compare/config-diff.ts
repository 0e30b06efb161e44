import type { z } from 'zod';
import type { ConfigRowSchema } from '../../contract/api/run.ts';

export type ConfigRow = z.output<typeof ConfigRowSchema>;

/**
 * Configurations side by side, flattened to one row per leaf: `training.optimizer.rate`, `model.layers[conv1].filters`.
 * An array whose items all have an `id` of their own is keyed by it, so that a layer added in front does not shift the
 * others, and gets a row `…[].id` that shows the order; other arrays are keyed by index. A leaf that a configuration
 * lacks is null there, and differs from a null that it has.
 */
export function configDiff(configs: readonly unknown[]): ConfigRow[] {
  const flat = configs.map((config) => new Map(configLeaves(config)));
  return mergeOrder(flat.map((each) => [...each.keys()])).map((path) => {
    const forms = flat.map((each) => (each.has(path) ? JSON.stringify(each.get(path)) : undefined));
    return {
      path,
      values: flat.map((each) => each.get(path) ?? null),
      differs: forms.some((form) => form !== forms[0]),
    };
  });
}

/** The leaves of one configuration with their paths, as `configDiff` names them. */
export function configLeaves(config: unknown): [string, unknown][] {
  return leaves(config, '');
}

function leaves(value: unknown, path: string): [string, unknown][] {
  if (Array.isArray(value)) return value.length === 0 ? [[path, value]] : arrayLeaves(value, path);
  if (value === null || typeof value !== 'object') return value === undefined ? [] : [[path, value]];
  const entries = Object.entries(value);
  if (entries.length === 0) return path === '' ? [] : [[path, value]];
  return entries.flatMap(([key, inner]) => leaves(inner, path === '' ? key : `${path}.${key}`));
}

function arrayLeaves(items: readonly unknown[], path: string): [string, unknown][] {
  const ids = items.map(idOf);
  const named = ids.every((id) => id !== undefined) && new Set(ids).size === ids.length;
  const rows = items.flatMap((item, index) => leaves(item, `${path}[${named ? ids[index] : index}]`));
  return named
    ? [[`${path}[].id`, ids], ...rows.filter(([key]) => !ids.some((id) => key === `${path}[${id}].id`))]
    : rows;
}

function idOf(item: unknown): string | undefined {
  if (item === null || typeof item !== 'object' || !('id' in item)) return undefined;
  return typeof item.id === 'string' ? item.id : undefined;
}

/** All keys; one that only a later list has comes behind its predecessor there. */
function mergeOrder(lists: readonly (readonly string[])[]): string[] {
  const order = [...(lists[0] ?? [])];
  const seen = new Set(order);
  for (const list of lists.slice(1)) {
    let at = 0;
    for (const key of list) {
      if (seen.has(key)) {
        at = order.indexOf(key) + 1;
      } else {
        order.splice(at++, 0, key);
        seen.add(key);
      }
    }
  }
  return order;
}
