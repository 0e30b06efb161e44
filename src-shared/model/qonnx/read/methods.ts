import type { MethodChoice } from '../../../quant/registry.ts';

/** A quantizer of the file. */
export type Quantizer =
  { kind: 'bipolar' } | { kind: 'integer'; bits: number; signed: boolean; narrow: boolean };

const isTernary = (one: Quantizer): boolean =>
  one.kind === 'integer' && one.signed && one.bits === 2 && one.narrow;

/**
 * The method that weights get whose quantizers are these, added up. What deploys so can be trained in many ways; this is
 * the best known one. Null where no method deploys so.
 */
export function weightChoice(quantizers: readonly Quantizer[]): MethodChoice | null {
  const [first, second] = quantizers;
  if (!first) return { method: 'full-precision' };
  if (!second) {
    if (first.kind === 'bipolar') return { method: 'bnn' };
    if (isTernary(first)) return { method: 'twn' };
    if (!first.signed) return null;
    if (first.bits === 8) return { method: 'int8' };
    return { method: 'lsq', bits: first.bits, symmetric: first.narrow };
  }
  const levels = quantizers.length;
  if (quantizers.every(({ kind }) => kind === 'bipolar'))
    return levels <= 8 ? { method: 'abc-net', bases: levels } : null;
  const positive = first.kind === 'integer' && !first.signed && first.bits === 1;
  if (levels === 2 && positive && isTernary(second)) return { method: 'ttq' };
  if (quantizers.every(isTernary) && levels <= 4) return { method: 'multi-level-ternary', levels };
  return null;
}

/** The same for the values that an activation gives. */
export function activationChoice(quantizers: readonly Quantizer[]): MethodChoice | null {
  const [first, second] = quantizers;
  if (!first) return null;
  const levels = quantizers.length;
  if (second) {
    if (levels > 4) return null;
    if (quantizers.every(({ kind }) => kind === 'bipolar')) return { method: 'rebnet', levels };
    if (quantizers.every((one) => one.kind === 'integer' && !one.signed))
      return { method: 'lq-nets', bits: levels };
    return quantizers.every(isTernary) ? { method: 'multi-level-ternary', levels } : null;
  }
  if (first.kind === 'bipolar') return { method: 'bnn' };
  if (isTernary(first)) return { method: 'gxnor' };
  const { bits, signed, narrow } = first;
  if (bits === 1) return { method: 'dorefa', bits };
  return signed ? { method: 'lsq', bits, signed, symmetric: narrow } : { method: 'lsq', bits };
}

/** In words, for messages. */
export function quantizerText(quantizers: readonly Quantizer[]): string {
  return quantizers
    .map((one) =>
      one.kind === 'bipolar'
        ? 'bipolar'
        : `${one.bits}-bit ${one.signed ? 'signed' : 'unsigned'}${one.narrow ? ' narrow' : ''}`,
    )
    .join(' + ');
}
