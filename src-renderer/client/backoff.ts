/**
 * Milliseconds to wait before attempt number `attempt` (0 is the first after a loss): doubling from a quarter second to
 * ten seconds, spread by up to a fifth so that several windows do not knock at once.
 *
 * @param random uniform in [0, 1)
 */
export function backoff(attempt: number, random: number): number {
  const base = Math.min(10_000, 250 * 2 ** Math.min(attempt, 10));
  return Math.round(base * (0.9 + 0.2 * random));
}
