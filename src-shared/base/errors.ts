/**
 * The one error type that crosses every border of the program (process, wire, command line).
 *
 * A code says what kind of thing went wrong, so that callers can decide; the message is one clear sentence for a
 * person: what, where, and what is allowed. `details` carries data for programs (a path, a field, an offset).
 */
export const ERROR_CODES = [
  'invalid-input', // a configuration, argument or file content that the schema refuses
  'not-found', // a run, data set, method … that does not exist
  'conflict', // the thing exists already, or is in a state that forbids the request
  'busy', // somebody else holds it (a second host on the same data folder)
  'corrupt', // bytes on disk or from the network are not what they claim to be
  'io', // the file system or the network refused (full disk, no permission, no route)
  'unavailable', // a back end, toolchain or program that is not installed here
  'unsupported', // well formed, but this version cannot do it (a layer that cannot be lowered)
  'cancelled', // the person asked for it
  'job-failed', // a training, export or verification job ended without its result
  'internal', // a defect of Bitsmith
] as const;

export type ErrorCode = (typeof ERROR_CODES)[number];

/** What an error looks like as data, on the wire and in the store. */
export interface ErrorData {
  code: ErrorCode;
  message: string;
  details?: Record<string, unknown> | undefined;
}

export class BitsmithError extends Error {
  readonly code: ErrorCode;
  readonly details: Record<string, unknown> | undefined;

  constructor(code: ErrorCode, message: string, details?: Record<string, unknown>, options?: ErrorOptions) {
    super(message, options);
    this.name = 'BitsmithError';
    this.code = code;
    this.details = details;
  }
}

/** Any thrown value as data. What is not a `BitsmithError` is a defect of ours and keeps its stack in `details`. */
export function toErrorData(error: unknown): ErrorData {
  if (error instanceof BitsmithError) {
    return { code: error.code, message: error.message, ...(error.details ? { details: error.details } : {}) };
  }
  if (error instanceof Error) {
    return { code: 'internal', message: error.message || error.name, details: { stack: error.stack } };
  }
  return { code: 'internal', message: String(error) };
}

/** The reverse of `toErrorData`: a typed error again on the other side of the border. */
export function fromErrorData(data: ErrorData): BitsmithError {
  return new BitsmithError(data.code, data.message, data.details);
}

/** One line for a person, whatever was thrown. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** Exit status of the command line: 2 for a wrong input or circumstance that the person can mend, 1 for a failed job. */
export function exitStatusOf(error: unknown): 1 | 2 {
  const { code } = toErrorData(error);
  return code === 'job-failed' || code === 'internal' || code === 'cancelled' ? 1 : 2;
}
