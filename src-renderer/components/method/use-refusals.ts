import { onScopeDispose, shallowRef, watch, type Ref } from 'vue';

const SLICE_MILLISECONDS = 8;

/**
 * Why each of several candidates cannot be taken, asked a few at a time so that the window goes on answering. A candidate
 * that has not been asked yet is not in the map.
 */
export function useRefusals(
  candidates: Ref<readonly string[]>,
  refusal: (id: string) => string | null,
): Ref<ReadonlyMap<string, string | null>> {
  const known = shallowRef<ReadonlyMap<string, string | null>>(new Map());
  let timer: ReturnType<typeof setTimeout> | undefined;

  function go(rest: readonly string[]): void {
    const found = new Map(known.value);
    const end = performance.now() + SLICE_MILLISECONDS;
    let done = 0;
    for (; done < rest.length && (done === 0 || performance.now() < end); done++) {
      const id = rest[done] ?? '';
      found.set(id, refusal(id));
    }
    known.value = found;
    if (done < rest.length) timer = setTimeout(() => go(rest.slice(done)), 0);
  }
  watch(
    candidates,
    (ids) => {
      clearTimeout(timer);
      known.value = new Map();
      if (ids.length > 0) timer = setTimeout(() => go(ids), 0);
    },
    { immediate: true },
  );
  onScopeDispose(() => clearTimeout(timer));
  return known;
}
