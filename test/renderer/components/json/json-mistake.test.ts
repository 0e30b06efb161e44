import { describe, expect, it } from 'vitest';
import { RandomStream } from '#shared/base/random.ts';
import { readJson } from '#renderer/components/json/json-mistake.ts';

const mistakeOf = (text: string) => {
  const result = readJson(text);
  return 'mistake' in result ? result.mistake : null;
};

describe('readJson', () => {
  it.each<[text: string, line: number, words: RegExp]>([
    ['', 1, /empty/],
    ['  \n ', 2, /empty/],
    ['{"a": 1,\n "b": 2,\n}', 2, /No comma may stand before }/],
    ['{"a": 1\n "b": 2}', 2, /A comma is missing here/],
    ['{"a" 1}', 1, /colon is missing after "a"/],
    ['{\n a: 1}', 2, /needs double quotes: "a"/],
    ["{'a': 1}", 1, /needs double quotes: "a"/],
    ['{"a": \'x\'}', 1, /double quotes/],
    ['{"a": True}', 1, /True is no value/],
    ['{"a": .5}', 1, /\.5 is no number/],
    ['{"a": 01}', 1, /01 is no number/],
    ['{"a": }', 1, /A value is missing/],
    ['{"a": [1, 2}', 1, /comma is missing here, or \]/],
    ['{\n"a": [1,\n2', 3, /list that begins on line 2 is not closed/],
    ['{"a": "x\n"}', 1, /not closed/],
    ['{"a": "\\x"}', 1, /escape/],
    ['{"a": 1} // so', 1, /no comments/],
    ['{"a": 1} {}', 1, /more, after the end/],
    ['{"a": 1,\n"a": 2}', 2, /"a" is here twice/],
  ])('%j is wrong on line %i: %s', (text, line, words) => {
    const mistake = mistakeOf(text);
    expect(mistake?.text).toMatch(words);
    expect(mistake?.line).toBe(line);
    expect(mistake?.at).toBeLessThanOrEqual(text.length);
  });

  it('takes exactly the texts that JSON.parse takes, but for fields that are there twice', () => {
    const random = new RandomStream(3, 'json-mistake');
    const good = JSON.stringify(
      { a: [1, -2.5e3, 'x"\\\n', null, true, {}], b: { c: [], d: false } },
      null,
      1,
    );
    const pieces = ['{', '}', '[', ']', ',', ':', '"', '1', 'a', ' ', '\n', '-', '.', 'e', '\\'];
    for (let i = 0; i < 3000; i++) {
      const [at, length, piece] = [...random.uniforms(3)];
      const from = Math.floor((at ?? 0) * good.length);
      const end = from + Math.floor((length ?? 0) * 3);
      const text = good.slice(0, from) + pieces[Math.floor((piece ?? 0) * pieces.length)] + good.slice(end);
      let parsed: unknown;
      let right = true;
      try {
        parsed = JSON.parse(text);
      } catch {
        right = false;
      }
      const result = readJson(text);
      if ('mistake' in result && /twice/.test(result.mistake.text)) continue;
      expect('value' in result, text).toBe(right);
      if ('value' in result) expect(result.value).toEqual(parsed);
    }
  });
});
