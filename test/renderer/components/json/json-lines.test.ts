import { describe, expect, it } from 'vitest';
import { jsonLines, lineOf } from '#renderer/components/json/json-lines.ts';

describe('jsonLines', () => {
  const value = { a: { 'b.c': [1, { d: 'x, "y" }' }] }, e: {}, f: [] };
  const text = JSON.stringify(value, null, 2);
  const lines = jsonLines(text);
  it('find each value where the text has it', () => {
    const all = text.split('\n');
    expect(all[lineOf(lines, 'a.b.c[1].d') - 1]).toContain('"d"');
    expect(all[lineOf(lines, 'a.b.c') - 1]).toContain('"b.c"');
    expect(all[lineOf(lines, 'f') - 1]).toContain('"f"');
  });
  it('lead to what is around a thing that is not there', () => {
    expect(lineOf(lines, 'a.b.c[1].missing.deep')).toBe(lineOf(lines, 'a.b.c[1]'));
    expect(lineOf(lines, 'nowhere')).toBe(1);
  });
  it('read a text on one line', () => expect(lineOf(jsonLines('{"a":{"b":1}}'), 'a.b')).toBe(1));
});
