import { BitsmithError } from '../../../base/errors.ts';
import { base3 } from './base3.ts';
import { bitmap } from './bitmap.ts';
import { bits } from './bits.ts';
import { delta } from './delta.ts';
import { masks } from './masks.ts';
import { steps } from './steps.ts';
import type { Packing } from './types.ts';

/** Every weight packing. A new one: one file, one line here, its id in `types.ts`, its decoder in the runtime. */
export const PACKINGS: readonly Packing[] = [steps, delta, masks, bitmap, base3, bits];

/** @throws BitsmithError `invalid-input` naming the packings that exist */
export function packingOf(id: string): Packing {
  const packing = PACKINGS.find((candidate) => candidate.id === id);
  if (packing) return packing;
  const known = PACKINGS.map((candidate) => candidate.id).join(', ');
  throw new BitsmithError('invalid-input', `there is no weight packing "${id}"; there are ${known}`);
}
