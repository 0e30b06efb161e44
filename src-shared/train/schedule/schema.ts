import { z } from 'zod';

const rate = z.number().positive().max(1e6);
const warmup = z
  .strictObject({
    epochs: z.number().positive(),
    /** Where it starts, as a share of the schedule's value at its end. */
    from: z.number().min(0).max(1).default(0),
  })
  .optional();

/**
 * How a rate changes over the epochs. All forms but one-cycle may begin with a linear warm-up.
 *   constant     value
 *   step         initial · factor^(number of `epochs` passed)
 *   exponential  initial · (final/initial)^(progress)
 *   cosine       final + (initial − final) · (1 + cos(π · progress))/2   (Loshchilov, Hutter, arXiv 1608.03983)
 *   one-cycle    cosine up from peak/initialDivisor to peak over `warmup` of the time, then cosine down to
 *                peak/finalDivisor   (Smith, Topin, arXiv 1708.07120)
 */
export const ScheduleSchema = z.union([
  rate.transform((value) => ({ kind: 'constant' as const, value, warmup: undefined })),
  z.discriminatedUnion('kind', [
    z.strictObject({ kind: z.literal('constant'), value: rate, warmup }),
    z.strictObject({
      kind: z.literal('step'),
      initial: rate,
      factor: rate.default(0.1),
      epochs: z.array(z.number().positive()).min(1),
      warmup,
    }),
    z.strictObject({ kind: z.literal('exponential'), initial: rate, final: rate, warmup }),
    z.strictObject({ kind: z.literal('cosine'), initial: rate, final: z.number().min(0).default(0), warmup }),
    z.strictObject({
      kind: z.literal('one-cycle'),
      peak: rate,
      initialDivisor: z.number().min(1).default(25),
      finalDivisor: z.number().min(1).default(1e4),
      warmup: z.number().gt(0).lt(1).default(0.3),
    }),
  ]),
]);
export type Schedule = z.output<typeof ScheduleSchema>;
