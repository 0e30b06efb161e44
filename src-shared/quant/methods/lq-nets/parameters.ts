import { z } from 'zod';

/** Median of |x| for a standard normal x. */
export const MEDIAN = 0.6745;

/** How the basis follows the data, for weights and activations alike. */
export const qemParameters = {
  momentum: z.number().min(0).lt(1).default(0.9).describe('share of the old basis that each step keeps'),
  ridge: z
    .number()
    .positive()
    .max(1)
    .default(1e-4)
    .describe('pull towards the old basis in the least-squares fit, as a share of the number of values'),
};
