import type { assemble } from '#shared/dataset/assembly.ts';
import type { PlannedFile } from '#shared/dataset/format.ts';
import { breathe, type WorkHandle } from '../work.ts';
import { decodeFile } from './decode.ts';

/**
 * Hands the planned files to `assembly` one by one, decoded.
 *
 * @throws BitsmithError `corrupt` naming file, byte offset and expectation, `io`, `cancelled`
 */
export async function readPlan(
  plan: readonly PlannedFile[],
  folder: string,
  assembly: ReturnType<typeof assemble>,
  work: WorkHandle,
): Promise<void> {
  for (const [i, planned] of plan.entries()) {
    work.report(i / plan.length, `reading ${planned.name}`);
    await breathe(work.signal);
    assembly.add(planned, decodeFile(folder, planned));
  }
}
