import { z } from 'zod';
import { PACKING_IDS } from './packing/types.ts';

/** What the planner looks for. */
export const OBJECTIVES = ['speed', 'balanced', 'flash', 'ram'] as const;

/** How a bundle's kernels and packings are chosen. */
export const PlanOptionsSchema = z.strictObject({
  kernels: z
    .enum(['auto', 'reference'])
    .default('auto')
    .describe('auto: the fastest kernels; reference: the plain ones, of which every step can be followed'),
  objective: z
    .enum(OBJECTIVES)
    .default('balanced')
    .describe(
      'what packings and kernels are chosen for: few instructions, few bytes of flash, both, or little RAM',
    ),
  packing: z
    .record(z.string(), z.enum(PACKING_IDS))
    .default({})
    .describe('packing of single layers, by their id, instead of the chosen one'),
});
export type PlanOptions = z.output<typeof PlanOptionsSchema>;

export const DEFAULT_PLAN: PlanOptions = PlanOptionsSchema.parse({});
