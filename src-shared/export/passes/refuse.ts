import { BitsmithError } from '../../base/errors.ts';

/** The one way in which lowering says no: the layer and the reason, before anything is written. */
export function refuse(layer: string, reason: string): never {
  throw new BitsmithError('unsupported', `layer ${layer} cannot be lowered to integers: ${reason}`, {
    layer,
  });
}
