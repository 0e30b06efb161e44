import { nextTick, onMounted, watch } from 'vue';
import { useRoute, useRouter } from 'vue-router';
import { keysOf } from '#shared/base/json-document.ts';

const FOCUSABLE = 'input:not([type=hidden]), textarea, select, button, [contenteditable="true"]';

/** Follows `?field=training.batchSize`: scrolls to what edits that field, or what is around it, and gives it the focus. */
export function useFieldFocus(): void {
  const route = useRoute();
  const router = useRouter();

  async function follow(): Promise<void> {
    const { field, ...query } = route.query;
    if (typeof field !== 'string') return;
    await nextTick();
    const place = placeOfField(document, field);
    place?.scrollIntoView({ block: 'center' });
    const target = place?.matches(FOCUSABLE) ? place : place?.querySelector<HTMLElement>(FOCUSABLE);
    target?.focus({ preventScroll: true });
    // The same problem may be followed again.
    await router.replace({ query });
  }
  onMounted(() => void follow());
  watch(
    () => route.query.field,
    () => void follow(),
  );
}

/** Elements name their field within the one around them: `training`, in it `optimizer`, in it `beta1`. */
function placeOfField(root: ParentNode, path: string): HTMLElement | null {
  let place: HTMLElement | null = null;
  for (const key of keysOf(path)) {
    const next: HTMLElement | null = (place ?? root).querySelector(
      `[data-field="${CSS.escape(String(key))}"]`,
    );
    if (!next) break;
    place = next;
  }
  return place;
}
