import { computed, shallowRef } from 'vue';

/** Which part of a run is in view: all of it, or what was zoomed to. */
export function useView(length: () => number) {
  const chosen = shallowRef<[number, number] | null>(null);
  const range = computed<[number, number]>(() => clampView(chosen.value ?? [0, length()], length()));
  const zoomed = computed(() => range.value[1] - range.value[0] < length() - 1e-9);

  function set(next: [number, number]): void {
    const [from, to] = clampView(next, length());
    chosen.value = to - from >= length() - 1e-9 ? null : [from, to];
  }
  return {
    range,
    zoomed,
    /** Makes the view `factor` times as long around a moment; by default its middle. */
    zoom(factor: number, around?: number): void {
      const [from, to] = range.value;
      const at = around ?? (from + to) / 2;
      set([at - (at - from) * factor, at + (to - at) * factor]);
    },
    /** Moves the view by a share of its length. */
    pan(share: number): void {
      const [from, to] = range.value;
      const by = share * (to - from);
      set([from + by, to + by]);
    },
    /** Moves the view so that a moment is in it. */
    reveal(epoch: number): void {
      const [from, to] = range.value;
      if (epoch >= from && epoch <= to) return;
      set([epoch - (to - from) / 2, epoch + (to - from) / 2]);
    },
    fit: () => (chosen.value = null),
  };
}

/** Within the run, and at least a hundredth of an epoch long. */
export function clampView([from, to]: [number, number], length: number): [number, number] {
  const span = Math.min(length, Math.max(0.01, to - from));
  const start = Math.min(length - span, Math.max(0, from));
  return [start, start + span];
}
