import { useElementSize } from '@vueuse/core';
import { computed, nextTick, ref, watch } from 'vue';
import { scrollToShow, virtualWindow } from './virtual-rows.ts';

/**
 * A long table of which only the rows on screen are drawn, reached by one Tab and walked by arrow keys, Page Up, Page
 * Down, Home and End. Rows carry `data-row` with their index; the scrolling element is `frame`.
 */
export function useVirtualTable(options: {
  total: () => number;
  /** Height of a row and of the head, in pixels. */
  row: number;
  head: number;
  /** Enter. */
  open: (index: number) => void;
  /** Space; `range`: with Shift. */
  choose: (index: number, range: boolean) => void;
  /** Shift with a key that moves: everything from the row where that began to this one. */
  extend?: (from: number, to: number) => void;
  /** Other keys on a row. True: it was answered. */
  other?: (event: KeyboardEvent, index: number) => boolean;
}) {
  const { total, row, head, open, choose } = options;
  const frame = ref<HTMLElement>();
  const { height } = useElementSize(frame);
  const scrolled = ref(0);
  const rows = computed(() => virtualWindow(total(), row, scrolled.value, height.value));
  /** The one row that Tab reaches. */
  const active = ref(0);
  let extendedFrom: number | undefined;

  watch(total, (length) => (active.value = Math.min(active.value, Math.max(0, length - 1))));

  async function moveTo(index: number): Promise<void> {
    const element = frame.value;
    if (!element) return;
    show(index);
    await nextTick();
    element.querySelector<HTMLElement>(`[data-row="${active.value}"]`)?.focus({ preventScroll: true });
  }

  /** Brings a row into view and makes it the one that Tab reaches, without taking the focus. */
  function show(index: number): void {
    const element = frame.value;
    if (!element) return;
    active.value = Math.max(0, Math.min(total() - 1, index));
    element.scrollTop = scrollToShow(active.value, row, element.scrollTop, height.value, head);
    scrolled.value = element.scrollTop;
  }

  function key(event: KeyboardEvent): void {
    const target = event.target as HTMLElement;
    if (!target.matches('[data-row]')) return;
    // Rows that came or went above have moved the one that has the focus.
    active.value = Number(target.dataset.row);
    const page = Math.max(1, Math.floor(height.value / row) - 2);
    const targets: Record<string, number> = {
      ArrowDown: active.value + 1,
      ArrowUp: active.value - 1,
      PageDown: active.value + page,
      PageUp: active.value - page,
      Home: 0,
      End: total() - 1,
    };
    const next = targets[event.key];
    if (event.key !== 'Shift' && !event.shiftKey) extendedFrom = undefined;
    if (next !== undefined) {
      if (event.shiftKey && options.extend) {
        extendedFrom ??= active.value;
        options.extend(extendedFrom, Math.max(0, Math.min(total() - 1, next)));
      }
      void moveTo(next);
    } else if (options.other?.(event, active.value)) event.stopPropagation();
    else if (event.key === 'Enter') open(active.value);
    else if (event.key === ' ') choose(active.value, event.shiftKey);
    else return;
    event.preventDefault();
  }

  function scroll(event: Event): void {
    scrolled.value = (event.target as HTMLElement).scrollTop;
  }
  return { frame, rows, active, show, key, scroll };
}
