import { z } from 'zod';

const share = z.number().nullable();
const shares = { codes: share, signs: share, zeros: share };

/** A run's weights at one of its checkpoints; absent: its final one, else its newest. */
export const WeightsOfSchema = z.strictObject({ run: z.string().min(1), checkpoint: z.string().optional() });

const SideSchema = z.strictObject({
  run: z.string(),
  checkpoint: z.string(),
  epoch: z.number(),
  step: z.number(),
});

/** See `agreementOf` for what each number means. */
export const AgreementSchema = z.strictObject({
  a: SideSchema,
  b: SideSchema,
  layers: z.array(
    z.strictObject({
      layer: z.string(),
      shape: z.array(z.number()),
      count: z.number(),
      ...shares,
      chance: z.strictObject(shares),
      zeroA: z.number(),
      zeroB: z.number(),
      distance: z.number(),
    }),
  ),
  left: z.array(z.strictObject({ layer: z.string(), reason: z.string() })),
});
export type AgreementAnswer = z.output<typeof AgreementSchema>;
