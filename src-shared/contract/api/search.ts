import { z } from 'zod';
import { call, type Feature } from '../api.ts';
import { LeaderboardRowSchema } from '../../search/leaderboard.ts';
import { SEARCH_STATUSES } from '../../search/status.ts';
import { TrialSchema } from '../../search/trial.ts';

const SearchId = z.strictObject({ search: z.string().min(1) });

export const SearchSummarySchema = z.strictObject({
  id: z.string(),
  name: z.string(),
  status: z.enum(SEARCH_STATUSES),
  /** Why it has ended, or is paused. */
  reason: z.string().nullable(),
  algorithm: z.enum(['grid', 'random', 'evolutionary', 'asha']),
  objective: z.strictObject({
    series: z.string(),
    goal: z.enum(['max', 'min']),
    select: z.enum(['best', 'last']),
  }),
  createdAt: z.string(),
  endedAt: z.string().nullable(),
  /** Trials by status; `planned` is the most that there will be. */
  trials: z.strictObject({
    planned: z.number(),
    active: z.number(),
    waiting: z.number(),
    finished: z.number(),
    stopped: z.number(),
    failed: z.number(),
  }),
  /** Epochs and seconds of computing, all trials together. */
  epochs: z.number(),
  seconds: z.number(),
  best: LeaderboardRowSchema.nullable(),
  configHash: z.string(),
});
export type SearchSummary = z.output<typeof SearchSummarySchema>;

export const SearchDetailSchema = z.strictObject({
  summary: SearchSummarySchema,
  /** The search's configuration, defaults filled in. */
  config: z.unknown(),
  leaderboard: z.array(LeaderboardRowSchema),
  /** In the order in which they were proposed, with the objective's curve of each. */
  trials: z.array(TrialSchema),
});
export type SearchDetail = z.output<typeof SearchDetailSchema>;

export const searchApi = {
  list: call(z.strictObject({}), z.array(SearchSummarySchema)),
  get: call(SearchId, SearchDetailSchema),
  /**
   * Checks a search without starting it. `trials` is the most that it will have, `points` the size of its space (null:
   * without end).
   */
  check: call(
    z.strictObject({ config: z.unknown() }),
    z.strictObject({ config: z.unknown(), trials: z.number(), points: z.number().nullable() }),
  ),
  start: call(z.strictObject({ config: z.unknown() }), SearchSummarySchema),
  /** Its runs write a checkpoint and pause. */
  pause: call(SearchId, SearchSummarySchema),
  /** Goes on with a paused or crashed search. `config`: what the person takes for its configuration; refused if it is not. */
  resume: call(
    z.strictObject({ search: z.string().min(1), config: z.unknown().optional() }),
    SearchSummarySchema,
  ),
  /** For good; what its trials have come to stays. */
  stop: call(SearchId, SearchSummarySchema),
  /** `runs`: deletes its runs too; else they stay. */
  delete: call(
    z.strictObject({ search: z.string().min(1), runs: z.boolean().default(false) }),
    z.strictObject({}),
  ),
} satisfies Feature;
