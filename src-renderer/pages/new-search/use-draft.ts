import { useLocalStorage, watchDebounced } from '@vueuse/core';
import { computed, ref, shallowRef } from 'vue';
import { toErrorData } from '#shared/base/errors.ts';
import { host } from '../../client/index.ts';
import { readJson } from '../../components/json/json-mistake.ts';
import { isObject, setIn, type JsonObject } from '#shared/base/json-document.ts';
import { problemsOf, type Problem } from './problems.ts';
import { verdictOf, type Verdict } from './verdict.ts';

/**
 * The search that is being written. Its JSON text is the one truth: the forms read it and change it, and the text itself
 * can be edited. It outlives the page and the program.
 */
export function useDraft() {
  const text = useLocalStorage('bitsmith-new-search', '');
  /** Drafts that were replaced as a whole, the newest last. */
  const before = ref<string[]>([]);

  const parsed = computed<{ document: JsonObject | null; problem: string | null }>(() => {
    const result = readJson(text.value);
    if ('mistake' in result) {
      const { line, text: what } = result.mistake;
      return { document: null, problem: `line ${line}: ${what}` };
    }
    return isObject(result.value)
      ? { document: result.value, problem: null }
      : { document: null, problem: 'A search is a JSON object: { … }' };
  });
  /** The last draft that was JSON: forms go on showing it while a person types in the text. */
  const document = shallowRef<JsonObject>(parsed.value.document ?? {});

  const verdict = shallowRef<Verdict>(verdictOf(document.value));
  /** What only the host can know: whether the data set is here, and fits the network. */
  const hostProblems = shallowRef<Problem[]>([]);
  const checking = ref(false);
  let asked = 0;

  async function check(): Promise<void> {
    const mine = ++asked;
    hostProblems.value = [];
    if (!parsed.value.document) {
      checking.value = false;
      return;
    }
    document.value = parsed.value.document;
    verdict.value = verdictOf(document.value);
    if (verdict.value.config) await ask(mine);
    if (mine === asked) checking.value = false;
  }

  async function ask(mine: number): Promise<void> {
    try {
      await host.call.search.check({ config: document.value });
    } catch (error) {
      // Without a connection the frame says so; the draft is not to blame.
      if (mine === asked && toErrorData(error).code !== 'io')
        hostProblems.value = problemsOf(error, document.value);
    }
  }

  watchDebounced(text, check, { debounce: 250, maxWait: 2000 });
  if (text.value !== '') void check();

  /** Replaces the draft as a whole; the one before can be brought back. */
  function replace(next: JsonObject): void {
    const fresh = JSON.stringify(next, null, 2);
    if (fresh === text.value) return;
    if (text.value !== '') before.value = [...before.value, text.value].slice(-20);
    write(fresh);
  }
  function write(next: string): void {
    text.value = next;
    checking.value = true;
    if (parsed.value.document) document.value = parsed.value.document;
  }
  function undo(): void {
    const last = before.value.at(-1);
    if (last === undefined) return;
    before.value = before.value.slice(0, -1);
    write(last);
  }
  /** Changes one field. */
  function set(keys: readonly string[], value: unknown): void {
    write(JSON.stringify(setIn(document.value, keys, value), null, 2));
  }

  const problems = computed<Problem[]>(() =>
    parsed.value.problem
      ? [{ path: '', text: `The JSON has a mistake: ${parsed.value.problem}` }]
      : [...verdict.value.problems, ...hostProblems.value],
  );
  return {
    text,
    write,
    document,
    /** The text is no JSON now: forms must not write over it. */
    broken: computed(() => parsed.value.problem !== null),
    set,
    replace,
    undo,
    canUndo: computed(() => before.value.length > 0),
    verdict,
    problems,
    checking,
  };
}
export type Draft = ReturnType<typeof useDraft>;
