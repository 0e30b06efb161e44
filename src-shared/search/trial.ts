import { z } from 'zod';

/**
 * `active`: has work to do: its run is waiting, training, or to be resumed. `waiting`: at a rung, and may go on.
 * The others are final.
 */
export const TRIAL_STATUSES = ['active', 'waiting', 'finished', 'stopped', 'failed'] as const;
export type TrialStatus = (typeof TRIAL_STATUSES)[number];

/** One candidate of a search, with all that the search needs to know of its run. */
export const TrialSchema = z.strictObject({
  /** 1, 2, … in the order in which they were proposed. */
  number: z.int().min(1),
  /** Its run; null when that was deleted, or when the candidate was refused before a run existed. */
  run: z.string().nullable(),
  /** Value of each parameter. */
  values: z.record(z.string(), z.json()),
  status: z.enum(TRIAL_STATUSES),
  /** Why it is stopped or failed. */
  reason: z.string().nullable(),
  /** Of evolution: 0 for the first population. */
  generation: z.int().nullable(),
  /** It trains until the end of this epoch, and is judged by nothing after it. */
  target: z.number(),
  /** Epochs done. */
  epochs: z.number(),
  /** Objective's value at the end of each epoch: [epoch, value]. */
  curve: z.array(z.tuple([z.number(), z.number()])),
  /** Seconds of computing. */
  seconds: z.number(),
  /** Crashes after which it was resumed. */
  retries: z.int(),
  createdAt: z.string(),
  endedAt: z.string().nullable(),
});
export type Trial = z.output<typeof TrialSchema>;

export function isSettled({ status }: Pick<Trial, 'status'>): boolean {
  return status === 'finished' || status === 'stopped' || status === 'failed';
}
