import { z } from 'zod';
import { DraftSchema, DraftSummarySchema } from '../../draft/draft.ts';
import { call, type Feature } from '../api.ts';

const DraftId = z.strictObject({ draft: z.string().min(1) });

export const draftApi = {
  /** Newest change first. */
  list: call(z.strictObject({}), z.array(DraftSummarySchema)),
  read: call(DraftId, DraftSchema),
  /**
   * Keeps a draft; one with a new id is added. Its `revision` must be the one that was read last; the answer has the next.
   * `conflict` where another window wrote in between.
   */
  write: call(z.strictObject({ draft: DraftSchema }), z.strictObject({ revision: z.int() })),
  remove: call(DraftId, z.strictObject({})),
} satisfies Feature;
