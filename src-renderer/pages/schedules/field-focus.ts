import { nextTick, onMounted, watch } from 'vue';
import { useRoute, useRouter } from 'vue-router';
import { keysOf, type JsonKey } from '#shared/base/json-document.ts';
import { formatPath } from '#shared/base/schema.ts';
import type { ScheduleEditor, Selection } from './editor.ts';
import { TRACKS, type QuantityId } from './tracks.ts';

const FOCUSABLE = 'input:not([type=hidden]), textarea, button, [role="combobox"]';

/** What has to be chosen so that a field of `training` is shown. */
export function selectionOf([head, second, third]: readonly JsonKey[]): Selection | null {
  const quantity = (key: JsonKey | undefined) => TRACKS.find(({ id }) => id === key)?.id;
  const plan = (id: QuantityId): Selection => ({ kind: 'schedule', quantity: id, phase: null });
  if (head === 'phases' && typeof second === 'number') {
    const own = quantity(third);
    return own ? { kind: 'schedule', quantity: own, phase: second } : { kind: 'phase', index: second };
  }
  if (head === 'pruning') {
    return second === 'layers' && third !== undefined
      ? { kind: 'schedule', quantity: 'sparsity', phase: null, layer: String(third) }
      : plan('sparsity');
  }
  if (head === 'freeze') return { kind: 'freeze' };
  const own = quantity(head);
  return own ? plan(own) : null;
}

/** Follows `?field=training.learningRate.final`: shows what edits that field, and gives it the focus. */
export function useScheduleField(editor: ScheduleEditor): void {
  const route = useRoute();
  const router = useRouter();
  async function follow(): Promise<void> {
    const { field, ...query } = route.query;
    if (typeof field !== 'string') return;
    await editor.draft.ensure();
    const keys = keysOf(field).slice(1);
    const selection = selectionOf(keys);
    if (selection) editor.selection.value = selection;
    await nextTick();
    await nextTick();
    const place = placeOf(keys);
    place?.scrollIntoView({ block: 'center' });
    place?.querySelector<HTMLElement>(FOCUSABLE)?.focus({ preventScroll: true });
    await router.replace({ query });
  }
  onMounted(() => void follow());
  watch(
    () => route.query.field,
    () => void follow(),
  );
}

/** The element of the field, or of the nearest thing around it; forms made by a schema name only their own keys. */
function placeOf(keys: readonly JsonKey[]): HTMLElement | null {
  for (let n = keys.length; n > 0; n--) {
    let place: HTMLElement | null = document.querySelector<HTMLElement>(
      `[data-field="${CSS.escape(formatPath(keys.slice(0, n)))}"]`,
    );
    if (!place) continue;
    for (const key of keys.slice(n)) {
      const inner: HTMLElement | null = place.querySelector<HTMLElement>(
        `[data-field="${CSS.escape(String(key))}"]`,
      );
      if (!inner) break;
      place = inner;
    }
    return place;
  }
  return null;
}
