import { z } from 'zod';
import { call, type Feature } from '../api.ts';
import { ErrorDataSchema } from '../wire/index.ts';

/** Anything longer than a blink: a download, an import, an export, a verification, a benchmark. */
export const TaskSchema = z.strictObject({
  id: z.string(),
  title: z.string(),
  /** What it works for: `{ run: … }`, `{ dataset: … }`, `{ bundle: … }`. */
  labels: z.record(z.string(), z.string()),
  state: z.enum(['running', 'succeeded', 'failed', 'cancelled']),
  /** 0 … 1, or null while unknown. */
  progress: z.number().nullable(),
  /** What it is doing now, one short line. */
  message: z.string(),
  error: ErrorDataSchema.nullable(),
  /** The result once it succeeded, as the call's documentation says. */
  result: z.unknown(),
  startedAt: z.string(),
  endedAt: z.string().nullable(),
});
export type Task = z.output<typeof TaskSchema>;

export const taskApi = {
  list: call(z.strictObject({}), z.array(TaskSchema)),
  get: call(z.strictObject({ id: z.string() }), TaskSchema),
  cancel: call(z.strictObject({ id: z.string() }), TaskSchema),
} satisfies Feature;
