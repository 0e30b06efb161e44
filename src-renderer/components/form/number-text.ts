/** A typed number; text that is none stays text, nothing is `undefined`. A comma may stand for the point. */
export function readNumber(text: string): number | string | undefined {
  const trimmed = text.trim();
  if (trimmed === '') return undefined;
  const number = Number(trimmed.replace(',', '.').replace('−', '-'));
  return Number.isFinite(number) ? number : trimmed;
}

export function writeNumber(value: unknown): string {
  return value === undefined || value === null
    ? ''
    : typeof value === 'string'
      ? value
      : JSON.stringify(value);
}
