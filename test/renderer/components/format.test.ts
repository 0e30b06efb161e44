import { describe, expect, it } from 'vitest';
import {
  ago,
  bytes,
  count,
  duration,
  moment,
  number,
  percent,
  signed,
} from '#renderer/components/base/format.ts';

describe('numbers as people read them', () => {
  it.each([
    [percent(0.98731), '98.73 %'],
    [percent(1, 0), '100 %'],
    [number(0), '0'],
    [number(0.15678), '0.1568'],
    [number(-0.5), '−0.5'],
    [number(12_345.6), '12,346'],
    [number(0.00042), '4.2e−4'],
    [number(-0.000009), '−9e−6'],
    [number(12_345_678), '1.23e7'],
    [count(1_482_311), '1,482,311'],
    [bytes(1023), '1023 B'],
    [bytes(1024), '1.0 KiB'],
    [bytes(15_912), '15.5 KiB'],
    [bytes(170_052_171), '162 MiB'],
    [signed(0.0123), '+0.0123'],
    [signed(-0.0123, (value) => percent(value)), '−1.23 %'],
    [signed(0), '±0'],
    [duration(42.4), '42 s'],
    [duration(59.6), '1 min 00 s'],
    [duration(185), '3 min 05 s'],
    [duration(8040), '2 h 14 min'],
    [duration(-3), '0 s'],
  ])('%s', (shown, expected) => expect(shown).toBe(expected));

  it('shows an en dash for what is unknown', () => {
    for (const format of [percent, number, count, bytes, duration]) {
      for (const unknown of [null, undefined, NaN, Infinity]) expect(format(unknown)).toBe('–');
    }
    expect(ago(null, 0)).toBe('–');
    expect(moment(null)).toBe('–');
  });

  it('says how long ago', () => {
    const now = Date.parse('2026-03-14T12:00:00Z');
    expect(ago('2026-03-14T11:59:30Z', now)).toBe('just now');
    expect(ago('2026-03-14T11:48:00Z', now)).toBe('12 min ago');
    expect(ago('2026-03-14T09:00:00Z', now)).toBe('3 h ago');
    expect(ago('2026-03-13T09:00:00Z', now)).toBe('yesterday');
    expect(ago('2026-01-02T12:00:00Z', now)).toBe('2 Jan 2026');
  });
});
