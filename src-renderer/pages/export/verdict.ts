import type { VerifyResult, VerifyRow } from '#shared/contract/api/export.ts';
import { count } from '../../components/base/format.ts';

export interface Verdict {
  /** `exact`: every integer of every sample agrees. */
  state: 'exact' | 'differs' | 'not-run';
  text: string;
}

/** What one place where the bundle ran says. */
export function verdictOf(row: VerifyRow): Verdict {
  if (!row.ran) return { state: 'not-run', text: row.reason ?? 'not run' };
  if (row.frontEnd && row.frontEnd.matched !== row.frontEnd.clips) {
    const { clips, matched } = row.frontEnd;
    return { state: 'differs', text: `the front end differs on ${clips - matched} of ${clips} clips` };
  }
  if (row.total > 0 && row.matched === row.total)
    return {
      state: 'exact',
      text: row.frontEnd
        ? `every output integer agrees, and every byte of ${count(row.frontEnd.clips)} clips`
        : 'every output integer agrees',
    };
  const first = row.firstMismatch;
  const where = first
    ? `: sample ${count(first.sample)}, layer ${first.layer}, output ${count(first.index)} is ${first.got} instead of ${first.expected}`
    : '';
  return { state: 'differs', text: `${count(row.total - row.matched)} samples differ${where}` };
}

/** The rows of a result, the host first. */
export function verifyRows(result: VerifyResult): VerifyRow[] {
  return [result.host, ...result.cores];
}
