import { z } from 'zod';
import { call, type Feature } from '../api.ts';

export const DiagnosticsSchema = z.strictObject({
  /** Outside programs that prove firmware: found, or how to get them. */
  programs: z.array(
    z.strictObject({
      id: z.string(),
      version: z.string().nullable(),
      path: z.string().nullable(),
      remedy: z.string().nullable(),
    }),
  ),
  /** Bytes that parts of the data folder take. */
  sizes: z.array(z.strictObject({ name: z.string(), path: z.string(), bytes: z.number() })),
  memory: z.strictObject({ total: z.number(), free: z.number() }),
  processors: z.string(),
  logFolder: z.string(),
  /** The last lines of the log, the newest last. */
  log: z.array(z.string()),
});
export type Diagnostics = z.output<typeof DiagnosticsSchema>;

export const appApi = {
  info: call(
    z.strictObject({}),
    z.strictObject({
      version: z.string(),
      dataFolder: z.string(),
      platform: z.string(),
      node: z.string(),
      /** How the window reaches the host. */
      shell: z.enum(['electron', 'browser']),
    }),
  ),
  /** What a person needs to find out why something does not work here. */
  diagnostics: call(z.strictObject({ lines: z.int().min(0).max(2000).default(200) }), DiagnosticsSchema),
} satisfies Feature;
