import { describe, expect, it } from 'vitest';
import { ref, shallowRef } from 'vue';
import { isObject } from '#shared/base/json-document.ts';
import { useJsonText } from '#renderer/components/json/json-text.ts';

function setUp(first: unknown) {
  const value = shallowRef(first);
  const unreadable = ref<string>();
  const puts: unknown[] = [];
  const json = useJsonText({
    value: () => value.value,
    unreadable: () => unreadable.value,
    put: (next) => {
      puts.push(next);
      value.value = next;
    },
    keep: (text) => (unreadable.value = text ?? undefined),
    refuse: (next) => (isObject(next) ? null : 'must be an object'),
  });
  return { value, unreadable, puts, ...json };
}

describe('a value as text', () => {
  it('stays as it was typed while it stands for the value', () => {
    const { text, write, value } = setUp({ a: 1 });
    write('{ "a":   2 }');
    expect(text.value).toBe('{ "a":   2 }');
    expect(value.value).toEqual({ a: 2 });
  });
  it('follows a change from elsewhere', () => {
    const { text, write, value } = setUp({ a: 1 });
    write('{"a":2}');
    value.value = { a: 3 };
    expect(JSON.parse(text.value)).toEqual({ a: 3 });
  });
  it('is kept apart while it is no JSON, and the value stays', () => {
    const { text, write, value, unreadable, mistake } = setUp({ a: 1 });
    write('{"a": ');
    expect([text.value, unreadable.value, value.value]).toEqual(['{"a": ', '{"a": ', { a: 1 }]);
    expect(mistake.value?.text).toMatch(/value is missing/);
    write('{"a": 5}');
    expect([unreadable.value, mistake.value, value.value]).toEqual([undefined, null, { a: 5 }]);
  });
  it('is refused where the value cannot be taken', () => {
    const { write, mistake, value } = setUp({ a: 1 });
    write('[1]');
    expect(mistake.value?.text).toBe('must be an object');
    expect(value.value).toEqual({ a: 1 });
  });
  it('changes nothing where only the spaces change', () => {
    const { write, puts, text } = setUp({ a: 1 });
    write('{"a":1}');
    expect([puts, text.value]).toEqual([[], '{"a":1}']);
  });
});
