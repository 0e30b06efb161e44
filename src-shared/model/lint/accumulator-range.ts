import { ACCUMULATOR_LIMIT } from '../../export/arithmetic/fixed-point.ts';
import { WIDEST_SUM } from '../../export/plan/form.ts';
import { MOST_LEVELS } from '../../export/plan/swar.ts';
import { layerKindOf } from '../layers/registry.ts';
import type { ResolvedModel } from '../resolve.ts';
import type { ResolvedLayer } from '../types.ts';
import { integerValues, weightCodes, type IntegerValue } from './integer-facts.ts';
import type { Lint } from './types.ts';

/** What 16-bit halves of a word hold. */
const HALF_WORD = 32_767;

/**
 * How far the sums of a layer can reach: products of a filter × largest code of a weight × largest value that enters. The
 * firmware adds in 32 bits, and an export is refused where they could overflow; its fast kernels count in 16 bits.
 */
export function accumulatorRange(model: ResolvedModel): Lint[] {
  const values = integerValues(model);
  return model.layers.flatMap((layer) => {
    const fanIn = layerKindOf(layer.spec.kind).kernel?.(layer.spec, layer.inputShapes)?.fanIn;
    const input = values.get(layer.inputs[0] ?? '');
    const codes = weightCodes(layer);
    if (fanIn === undefined || !input || !codes) return [];
    const reach = fanIn * codes.largest * input.largest;
    const { id } = layer.spec;
    if (reach > ACCUMULATOR_LIMIT) return [overflow(id, fanIn, reach)];
    const listed = codes.levels === 1 && codes.largest === 1;
    const reason = listed ? narrow(layer, fanIn, input) : null;
    return reason === null ? [] : [wide(id, reason)];
  });
}

function overflow(id: string, fanIn: number, reach: number): Lint {
  return {
    rule: 'accumulator-overflow',
    layer: id,
    severity: 'warning',
    message:
      `layer "${id}": its sums of ${digits(fanIn)} products can reach ±${digits(reach)}, which 32 bits do not hold, and an ` +
      'export with such weights is refused; pool or stride before it, or give it weights of fewer bits',
  };
}

function wide(id: string, reason: string): Lint {
  return { rule: 'wide-sums', layer: id, severity: 'information', message: `layer "${id}": ${reason}` };
}

/** What becomes of a layer with weights of −1, 0 and +1 whose sums may leave 16 bits; null where they do not. */
function narrow(
  { spec: { kind } }: ResolvedLayer,
  fanIn: number,
  { kind: of, largest, isTernary }: IntegerValue,
) {
  if (of === 'sums') return null;
  if (isTernary) {
    return fanIn > WIDEST_SUM
      ? `its ${digits(fanIn)} products of −1, 0 and +1 may add up to more than the 16-bit counters of the bit-plane kernels ` +
          `hold (±${digits(WIDEST_SUM)}); slower kernels compute it then`
      : null;
  }
  // Dense layers over bytes have no 16-bit kernel, and depthwise filters are far too small.
  if (kind !== 'conv2d') return null;
  // Bytes of samples are added apart from their zero point, which is not known here: 128 at the least, 255 at the most.
  const byte = of === 'raw' ? 128 : largest;
  if (fanIn * byte <= HALF_WORD) return null;
  const parts = Math.ceil(fanIn / Math.floor(HALF_WORD / byte));
  const reach = `its ${digits(fanIn)} products can add up to ±${digits(fanIn * byte)}, more than 16 bits hold`;
  return parts <= MOST_LEVELS
    ? `${reach}: the firmware may add them in up to ${parts} parts, which takes longer`
    : `${reach}, in ${parts} parts: the 16-bit kernels take at most ${MOST_LEVELS}, so that slower ones may have to compute it`;
}

function digits(value: number): string {
  return value.toLocaleString('en-US');
}
