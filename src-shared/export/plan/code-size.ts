import { PACKINGS } from './packing/registry.ts';
import type { PackingId } from './packing/types.ts';

/**
 * Code of the runtime in bytes, as arm-none-eabi-gcc 12 compiles it for a Cortex-M4 with -O2: what a kernel costs when it is
 * the first that a network uses. Sums over units that share parts; good for choices, while reports read the linker.
 */
const UNITS = {
  'reference-conv': 1300,
  'reference-dense': 250,
  /** Packing, flattening and pooling of planes. */
  planes: 1000,
  tile: 2600,
  filter: 1660,
  conv: 330,
  depthwise: 1600,
  levels: 2500,
  'count-binary': 850,
  'count-binary-steps': 950,
  'count-ternary': 580,
  'count-ternary-steps': 630,
  swar: 5850,
  'swar-u8': 2180,
  'swar-s8': 1860,
  'dense-planes': 590,
  'dense-lanes': 1470,
  'dense-packed': 640,
} as const;

/** A part of the runtime, or the decoder of a packing. */
export type CodeUnit = keyof typeof UNITS | PackingId;

const DECODERS = new Map<string, number>(PACKINGS.map(({ id, decoderBytes }) => [id, decoderBytes]));

/** Bytes of code, each unit once. */
export function codeBytes(units: Iterable<CodeUnit>): number {
  let bytes = 0;
  for (const unit of new Set(units))
    bytes += unit in UNITS ? UNITS[unit as keyof typeof UNITS] : (DECODERS.get(unit) ?? 0);
  return bytes;
}
