import type { Macs } from './cost.ts';

/** A number type in words: `ternary`, `±1`, `0/1`, `int8`, `uint8`. */
export function typeTitle(name: string): string {
  if (name === 'BIPOLAR') return '±1';
  if (name === 'BINARY') return '0/1';
  return name.toLowerCase();
}

/** `2×8 bit (ternary × uint8)`: weights first. */
export function macsTitle({ weights, weightBits, activations, activationBits }: Macs): string {
  return `${weightBits}×${activationBits} bit (${typeTitle(weights)} × ${typeTitle(activations)})`;
}
