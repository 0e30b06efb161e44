import { scratchBytes } from '#shared/dataset/sound/spec.ts';
import type { Provenance } from '#shared/export/emit/types.ts';

/** Working memory of a network and, where it hears, of its front end: they run in turns, in the same memory. */
export function workBytes({
  arenaBytes,
  provenance,
}: {
  arenaBytes: number;
  provenance: Pick<Provenance, 'sound'> | { sound?: Provenance['sound'] | undefined };
}): number {
  return Math.max(arenaBytes, provenance.sound ? scratchBytes(provenance.sound) : 0);
}
