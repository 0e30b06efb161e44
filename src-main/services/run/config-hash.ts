import { sha256 } from '#main/platform/files.ts';

/** SHA-256 of a configuration, whatever the order of its fields, hex. */
export function configHash(config: unknown): string {
  return sha256(JSON.stringify(sorted(config)));
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (value === null || typeof value !== 'object') return value;
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
  return Object.fromEntries(entries.map(([key, inner]) => [key, sorted(inner)]));
}
