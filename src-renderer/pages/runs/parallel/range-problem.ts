/** What is wrong with the two ends of a range as they were typed; null: nothing. An empty end is open. */
export function rangeProblem(from: unknown, to: unknown): string | null {
  for (const [end, value] of [
    ['from', from],
    ['to', to],
  ] as const) {
    if (value !== undefined && typeof value !== 'number') return `“${String(value)}” (${end}) is no number`;
  }
  if (typeof from === 'number' && typeof to === 'number' && from > to) return 'From must not be above to';
  return null;
}
