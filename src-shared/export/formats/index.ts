import { BitsmithError } from '../../base/errors.ts';
import { arduino } from './arduino/index.ts';
import { cmake } from './cmake/index.ts';
import { cmsisPack } from './cmsis-pack/index.ts';
import { espIdf } from './esp-idf/index.ts';
import { platformio } from './platformio/index.ts';
import type { Format } from './types.ts';
import { zephyr } from './zephyr/index.ts';

/** Every bundle format. A new one: one folder, one line here. */
export const FORMATS: readonly Format[] = [cmake, arduino, platformio, zephyr, cmsisPack, espIdf];

/** @throws BitsmithError `invalid-input` naming the formats that exist */
export function formatOf(id: string): Format {
  const format = FORMATS.find((candidate) => candidate.id === id);
  if (format) return format;
  const known = FORMATS.map((candidate) => candidate.id).join(', ');
  throw new BitsmithError('invalid-input', `there is no bundle format "${id}"; there are ${known}`);
}
