import type { z } from 'zod';
import type { TargetRowSchema } from '#shared/contract/api/export.ts';

export type TargetRow = z.output<typeof TargetRowSchema>;

/** What can be done with a target on this computer: a bundle can be written for each of them. */
export type TargetVerdict = 'runs' | 'compiles' | 'write-only';

export function targetVerdict({
  compiler,
  emulator,
}: Pick<TargetRow, 'compiler' | 'emulator'>): TargetVerdict {
  if (!compiler.available) return 'write-only';
  return emulator.available ? 'runs' : 'compiles';
}

export const VERDICT_LOOKS: Record<TargetVerdict, { text: string; icon: string; tone: string }> = {
  runs: { text: 'compiled and run here', icon: 'i-lucide-circle-check', tone: 'text-success' },
  compiles: { text: 'compiled here', icon: 'i-lucide-circle-dot', tone: 'text-toned' },
  'write-only': { text: 'no compiler here', icon: 'i-lucide-circle-off', tone: 'text-warning' },
};
