import { computed, shallowRef, type ComputedRef } from 'vue';
import { readJson, type JsonMistake } from './json-mistake.ts';

/**
 * A JSON value that is also edited as text. The text stays as it was typed while it stands for the value; when the value
 * changes elsewhere the text follows; text that is no JSON is kept apart, and the value stays what it was.
 */
export function useJsonText(options: {
  value: () => unknown;
  /** Text that is no JSON now, if there is one. */
  unreadable: () => string | undefined;
  put(value: unknown): void;
  keep(text: string | null): void;
  /** Why a value, though it is JSON, cannot be taken; null: it can. */
  refuse?(value: unknown): string | null;
}): { text: ComputedRef<string>; mistake: ComputedRef<JsonMistake | null>; write(text: string): void } {
  const typed = shallowRef<{ text: string; value: unknown } | null>(null);

  const text = computed(() => {
    const kept = options.unreadable();
    if (kept !== undefined) return kept;
    const value = options.value();
    return typed.value && typed.value.value === value
      ? typed.value.text
      : (JSON.stringify(value, null, 2) ?? '');
  });

  function read(from: string): { value: unknown } | { mistake: JsonMistake } {
    const result = readJson(from);
    const refused = 'value' in result ? (options.refuse?.(result.value) ?? null) : null;
    return refused === null ? result : { mistake: { at: 0, line: 1, text: refused } };
  }
  const mistake = computed(() => {
    const kept = options.unreadable();
    if (kept === undefined) return null;
    const result = read(kept);
    return 'mistake' in result ? result.mistake : null;
  });

  function write(next: string): void {
    const result = read(next);
    if ('mistake' in result) {
      options.keep(next);
      return;
    }
    const now = options.value();
    const same = JSON.stringify(result.value) === JSON.stringify(now);
    typed.value = { text: next, value: same ? now : result.value };
    if (options.unreadable() !== undefined) options.keep(null);
    if (!same) options.put(result.value);
  }
  return { text, mistake, write };
}
