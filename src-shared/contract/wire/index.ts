import { z } from 'zod';
import { ERROR_CODES } from '../../base/errors.ts';

/** Messages of the generic wire, the same for Electron IPC and for the WebSocket of `bitsmith serve`. */
export const ErrorDataSchema = z.strictObject({
  code: z.enum(ERROR_CODES),
  message: z.string(),
  details: z.record(z.string(), z.unknown()).optional(),
});

/** Window → host. */
export const RequestSchema = z.strictObject({
  type: z.literal('request'),
  id: z.int().nonnegative(),
  /** `feature.call`, e.g. `run.list`. */
  method: z.string().max(100),
  input: z.unknown(),
});
export type Request = z.output<typeof RequestSchema>;

/** Host → window. */
export const ReplySchema = z.union([
  z.strictObject({ type: z.literal('result'), id: z.int(), result: z.unknown() }),
  z.strictObject({ type: z.literal('error'), id: z.int(), error: ErrorDataSchema }),
  z.strictObject({ type: z.literal('push'), topic: z.string(), payload: z.unknown() }),
]);
export type Reply = z.output<typeof ReplySchema>;
