import type { z } from 'zod';

/**
 * The contract between the window and the host. A feature is a map of calls; each call has a schema for its argument
 * and one for its result. Both ends are typed from these maps: the host implements `ServiceOf`, the window gets a
 * `ClientOf`. See `contract/index.ts` for the list of features.
 */
export interface Call<I extends z.ZodType = z.ZodType, O extends z.ZodType = z.ZodType> {
  input: I;
  output: O;
}
export function call<I extends z.ZodType, O extends z.ZodType>(input: I, output: O): Call<I, O> {
  return { input, output };
}

export type Feature = Record<string, Call>;

/** What the host implements: arguments are already checked and defaulted. */
export type ServiceOf<F extends Feature> = {
  [K in keyof F]: (
    input: z.output<F[K]['input']>,
  ) => Promise<z.input<F[K]['output']>> | z.input<F[K]['output']>;
};

/** What the window calls. */
export type ClientOf<F extends Feature> = {
  [K in keyof F]: (input: z.input<F[K]['input']>) => Promise<z.output<F[K]['output']>>;
};
