import { expect, it } from 'vitest';
import { systemClock, timestamp } from '#main/platform/clock.ts';

it('a time stamp is ISO 8601 in UTC', () => {
  expect(timestamp(() => Date.UTC(2026, 1, 3, 4, 5, 6, 7))).toBe('2026-02-03T04:05:06.007Z');
  expect(timestamp(systemClock)).toMatch(/^\d{4}-\d\d-\d\dT.*Z$/);
});
