import type { VerifyRow } from '../contract/api/export.ts';

/** Whether everything that ran in one place agrees with the reference: the network, and the front end where it has one. */
export function rowAgrees({ matched, total, firstMismatch, frontEnd }: VerifyRow): boolean {
  return matched === total && firstMismatch === null && (!frontEnd || frontEnd.matched === frontEnd.clips);
}
