import { BitsmithError, messageOf } from '#shared/base/errors.ts';

/** What a back end throws when it has no memory left says nothing to a person; this does. */
export function explained(error: unknown): unknown {
  if (!(error instanceof Error)) return error;
  // A WebAssembly trap; TypeScript knows its class with the DOM only.
  const exhausted =
    error.name === 'RuntimeError' || (error instanceof RangeError && /allocation/i.test(error.message));
  if (!exhausted) return error;
  return new BitsmithError(
    'job-failed',
    `the back end broke off (${messageOf(error)}), most likely for want of memory; lower "training.batchSize", take a ` +
      'smaller network, or another device',
    {},
    { cause: error },
  );
}
