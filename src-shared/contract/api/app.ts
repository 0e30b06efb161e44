import { z } from 'zod';
import { call, type Feature } from '../api.ts';

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
} satisfies Feature;
