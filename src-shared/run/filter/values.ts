const AGE = /^(\d+(?:\.\d+)?)(min|h|d|w)$/i;
const DAY_TEXT = /^\d{4}-\d{2}-\d{2}$/;
const MOMENT_TEXT = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2})?$/;
const UNIT: Record<string, number> = { min: 60_000, h: 3_600_000, d: 86_400_000, w: 604_800_000 };

/** A number as it is typed; `%` where the field is a share. Null: it is none. */
export function readNumber(text: string): number | null {
  return /^[-+]?(\d+\.?\d*|\.\d+)(e[-+]?\d+)?$/i.test(text) ? Number(text) : null;
}

/** A share: `0.98` or `98%`; null when it is neither, or not between 0 and 1. */
export function readShare(text: string): number | null {
  const value = text.endsWith('%') ? readNumber(text.slice(0, -1).trim()) : readNumber(text);
  const share = value === null ? null : text.endsWith('%') ? value / 100 : value;
  return share === null || share < 0 || share > 1 ? null : share;
}

/** How far off a value may be that equals what was typed to its last digit. */
export function typedPrecision(text: string): number {
  const match = /^[-+]?\d*(?:\.(\d*))?(%?)$/.exec(text);
  return match ? 0.5 * 10 ** -((match[1]?.length ?? 0) + (match[2] ? 2 : 0)) : 0;
}

/**
 * A stretch of time: a day (`2026-03-14`), a minute (`2026-03-14T09:26`), or so long ago (`7d`, `12h`, `30min`, `2w`).
 * Null: it is none of these.
 */
export function readTime(text: string, now: number): { from: number; to: number } | null {
  const age = AGE.exec(text);
  if (age) {
    const at = now - Number(age[1]) * (UNIT[age[2]?.toLowerCase() ?? ''] ?? 0);
    return { from: at, to: at };
  }
  if (!DAY_TEXT.test(text) && !MOMENT_TEXT.test(text)) return null;
  // Without a zone a date alone would be read as UTC, and one with a time as local.
  const from = Date.parse(DAY_TEXT.test(text) ? `${text}T00:00:00` : text);
  if (Number.isNaN(from)) return null;
  const end = new Date(from);
  if (DAY_TEXT.test(text)) end.setDate(end.getDate() + 1);
  else end.setMinutes(end.getMinutes() + 1);
  return { from, to: end.getTime() };
}
