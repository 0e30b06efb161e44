import { z } from 'zod';
import type { SearchConfig } from './config.ts';
import { byFitness, trialObjective } from './objective.ts';
import { TrialSchema, type Trial } from './trial.ts';

/** A trial with its place among all. */
export const LeaderboardRowSchema = TrialSchema.pick({
  run: true,
  values: true,
  status: true,
  reason: true,
  generation: true,
  epochs: true,
  seconds: true,
}).extend({
  /** 1 for the best; null without a value. */
  rank: z.int().nullable(),
  trial: z.int(),
  objective: z.number().nullable(),
});
export type LeaderboardRow = z.output<typeof LeaderboardRowSchema>;

/** All trials, the best first; those without a value come last, by number. Equal ones keep the order of their numbers. */
export function leaderboard(config: SearchConfig, trials: readonly Trial[]): LeaderboardRow[] {
  return byFitness(config.objective, trials).map((trial, index) => {
    const objective = trialObjective(config.objective, trial);
    return {
      rank: objective === null ? null : index + 1,
      trial: trial.number,
      run: trial.run,
      values: trial.values,
      objective,
      epochs: trial.epochs,
      status: trial.status,
      reason: trial.reason,
      generation: trial.generation,
      seconds: trial.seconds,
    };
  });
}
