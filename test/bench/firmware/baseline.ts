import * as fs from 'node:fs';
import type { TargetId } from '#shared/export/targets/types.ts';
import type { BenchCase } from './cases.ts';

type ByCore = Partial<Record<TargetId, number>>;
interface Figures {
  source: string;
  instructionsPerMac: Readonly<Record<string, ByCore>>;
  instructionsPerElement: Readonly<Record<string, ByCore>>;
  networks: Readonly<Record<string, { instructions: ByCore; note: string }>>;
}

/** What CMSIS-NN's int8 kernels take for the same layers, measured once with the same emulator. */
export const FIGURES = JSON.parse(
  fs.readFileSync(new URL('cmsis-nn.json', import.meta.url), 'utf8'),
) as Figures;

/** Instructions of CMSIS-NN int8 for a case on a core; undefined where it was not measured. */
export function baselineOf({ baseline }: BenchCase, core: TargetId): number | undefined {
  if (!baseline) return undefined;
  const { kind, key, count } = baseline;
  if (kind === 'network') return FIGURES.networks[key]?.instructions[core];
  const table = kind === 'mac' ? FIGURES.instructionsPerMac : FIGURES.instructionsPerElement;
  const figure = table[key]?.[core];
  return figure === undefined ? undefined : figure * count;
}
