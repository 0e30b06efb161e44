import { BitsmithError } from '#shared/base/errors.ts';
import type { Assembly } from '#shared/dataset/assembly.ts';
import type { PlannedFile, SourceFile } from '#shared/dataset/format.ts';
import { breathe, partOf, type WorkHandle } from '../work.ts';
import { decodeFile } from './decode.ts';
import { readPicture } from './read-picture.ts';
import { readTable } from './read-table.ts';

/** Pictures that are decoded at the same time. */
const AT_ONCE = 8;

/**
 * Hands the planned files to `assembly` one by one, decoded. An optional file that is damaged is left out and noted.
 *
 * @throws BitsmithError `corrupt` naming file, byte offset and expectation, `io`, `cancelled`
 */
export async function readPlan(
  plan: readonly PlannedFile[],
  folder: string,
  assembly: Pick<Assembly, 'add' | 'leaveOut'>,
  work: WorkHandle,
): Promise<void> {
  for (let i = 0; i < plan.length;) {
    const planned = plan[i]!;
    work.report(i / plan.length, `reading ${planned.name}`);
    await breathe(work.signal);
    if (planned.encoding === 'picture') {
      let end = i + 1;
      while (end < plan.length && end - i < AT_ONCE && plan[end]!.encoding === 'picture') end++;
      await addPictures(plan.slice(i, end), folder, assembly);
      i = end;
      continue;
    }
    if (planned.encoding === 'csv') {
      const part = partOf(work, i / plan.length, (i + 1) / plan.length);
      for await (const piece of readTable(folder, planned, part)) assembly.add(planned, piece);
    } else {
      addFile(planned, folder, assembly);
    }
    i++;
  }
}

function addFile(planned: PlannedFile, folder: string, assembly: Pick<Assembly, 'add' | 'leaveOut'>): void {
  let file: SourceFile;
  try {
    file = decodeFile(folder, planned);
  } catch (error) {
    leaveOut(planned, error, assembly);
    return;
  }
  assembly.add(planned, file);
}

async function addPictures(
  group: readonly PlannedFile[],
  folder: string,
  assembly: Pick<Assembly, 'add' | 'leaveOut'>,
): Promise<void> {
  const decoded = await Promise.allSettled(group.map((planned) => readPicture(folder, planned)));
  decoded.forEach((outcome, i) => {
    const planned = group[i]!;
    if (outcome.status === 'fulfilled') assembly.add(planned, outcome.value satisfies SourceFile);
    else leaveOut(planned, outcome.reason, assembly);
  });
}

function leaveOut(planned: PlannedFile, error: unknown, assembly: Pick<Assembly, 'leaveOut'>): void {
  if (!planned.optional || !(error instanceof BitsmithError) || error.code !== 'corrupt') throw error;
  assembly.leaveOut({ name: planned.name, reason: error.message });
}
