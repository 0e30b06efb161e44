import { weightBits, type ResolvedModel } from '../resolve.ts';
import { withField } from './fixes.ts';
import type { Lint } from './types.ts';

/** First and last layers are small and lose most: nearly every paper of low-bit networks leaves them more bits. */
export function edgePrecision({ layers }: ResolvedModel): Lint[] {
  const weighted = layers.filter(({ weights }) => weights);
  const [first, last] = [weighted[0], weighted.at(-1)];
  if (!first || !last || first === last) return [];
  return [first, last]
    .filter((layer) => weightBits(layer) <= 2)
    .map((layer): Lint => {
      const which = layer === first ? 'first' : 'last';
      const { id } = layer.spec;
      return {
        rule: `${which}-layer-precision`,
        layer: id,
        severity: 'information',
        message:
          `layer "${id}": it is the ${which} layer with weights and has ${weightBits(layer)}-bit ones; most papers leave it ` +
          '8 bits (int8) and lose less accuracy',
        field: ['weights'],
        fix: {
          title: 'Use int8 weights',
          apply: (spec) => withField(spec, id, 'weights', { method: 'int8' }),
        },
      };
    });
}
