import type { VerifyResult } from '#shared/contract/api/export.ts';
import { rowAgrees } from '#shared/verify/agreement.ts';

/**
 * A verification with the rows of earlier ones for cores that it left out: a bundle never changes, so what was found
 * about a core stays true. `passed`: wherever it ran, then or now, everything agreed.
 */
export function mergeVerification(
  result: VerifyResult,
  before: VerifyResult | null,
  now = new Date().toISOString(),
): VerifyResult {
  const dated = {
    ...result,
    host: { ...result.host, at: now },
    cores: result.cores.map((row) => ({ ...row, at: now })),
  };
  const known = new Set(result.cores.map(({ core }) => core));
  const older = (before?.cores ?? []).filter(({ core, ran }) => ran && !known.has(core));
  const cores = [...dated.cores, ...older];
  const ran = [dated.host, ...cores].filter((row) => row.ran);
  const passed = ran.length > 0 && ran.every(rowAgrees);
  return { ...dated, passed, cores };
}
