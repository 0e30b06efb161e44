import { z } from 'zod';
import { call, type Feature } from '../api.ts';
import { TruthProbeSchema } from '../../run/record.ts';

export const DeviceRowSchema = z.strictObject({
  id: z.string(),
  title: z.string(),
  available: z.boolean(),
  /** Adapter or processor, e.g. `NVIDIA H200` or `8 × Intel …`; null when missing. */
  name: z.string().nullable(),
  /** Why it cannot be used here, and what to do about it; null when available. */
  reason: z.string().nullable(),
  remedy: z.string().nullable(),
  /** True for an adapter that computes on the processor (SwiftShader, llvmpipe): correct but slow. */
  software: z.boolean(),
  truthProbe: TruthProbeSchema.nullable(),
});

export type DeviceRow = z.output<typeof DeviceRowSchema>;

export const deviceApi = {
  /** Probes every back end (cached for the host's life; `fresh` probes again). */
  list: call(z.strictObject({ fresh: z.boolean().default(false) }), z.array(DeviceRowSchema)),
} satisfies Feature;
