/** The time, handed in so that tests can hold it still. Milliseconds since 1970. */
export type Clock = () => number;

export const systemClock: Clock = () => Date.now();

/** ISO 8601 in UTC, the form of every time stamp in the store. */
export function timestamp(clock: Clock): string {
  return new Date(clock()).toISOString();
}
