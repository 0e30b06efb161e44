import { BitsmithError } from '../../base/errors.ts';
import { cmake } from './cmake/index.ts';
import type { Format } from './types.ts';

/** Every bundle format. A new one: one folder, one line here. */
export const FORMATS: readonly Format[] = [cmake];

/** @throws BitsmithError `invalid-input` naming the formats that exist */
export function formatOf(id: string): Format {
  const format = FORMATS.find((candidate) => candidate.id === id);
  if (format) return format;
  const known = FORMATS.map((candidate) => candidate.id).join(', ');
  throw new BitsmithError('invalid-input', `there is no bundle format "${id}"; there are ${known}`);
}
