import { z } from 'zod';
import { ErrorDataSchema } from '../wire/index.ts';
import { MetricPointSchema } from '../../run/record.ts';
import { TaskSchema } from '../api/task.ts';

/**
 * Pushes from the host. "Changed" topics are hints: the store asks again. Metric batches are the exception: they carry
 * the points and a sequence number per run; a gap makes the window pull the whole series.
 */
export const topics = {
  'runs-changed': z.strictObject({ run: z.string().nullable() }),
  'searches-changed': z.strictObject({ search: z.string().nullable() }),
  'drafts-changed': z.strictObject({ draft: z.string().nullable() }),
  'settings-changed': z.strictObject({}),
  'datasets-changed': z.strictObject({ name: z.string().nullable() }),
  'bundles-changed': z.strictObject({ run: z.string().nullable() }),
  'task-changed': TaskSchema,
  metrics: z.strictObject({
    run: z.string(),
    sequence: z.number(),
    points: z.array(MetricPointSchema),
  }),
  'run-log': z.strictObject({
    run: z.string(),
    at: z.string(),
    level: z.enum(['info', 'warning', 'error']),
    message: z.string(),
  }),
  'host-error': ErrorDataSchema,
};
export type Topics = typeof topics;
export type TopicName = keyof Topics;
export type TopicPayload<T extends TopicName> = z.output<Topics[T]>;
