import { computed, type ComputedRef } from 'vue';
import {
  axisOf,
  brushed,
  isOpen,
  type AxisValue,
  type Brush,
  type Scale,
} from '#shared/run/compare/brush.ts';
import type { RunSummary } from '#shared/run/record.ts';
import { TABLE_FORMATS } from '../../../components/chart/summary.ts';
import { useCompareStore } from '../../../stores/compare.ts';
import { quantityOf, type Quantity } from '../quantities.ts';
import type { Quantities } from '../use-quantities.ts';
import { unitOf } from './axis-unit.ts';
import { moved, type ParallelAxis } from './parallel-layout.ts';

/** The axes that a person chose with the runs' values, and what their brushes let pass. */
export function useParallel(
  runs: () => readonly RunSummary[],
  quantities: Quantities,
): {
  chosen: ComputedRef<Quantity[]>;
  axes: ComputedRef<ParallelAxis[]>;
  /** Rows within every brush. */
  passing: ComputedRef<ReadonlySet<number>>;
  isBrushed: ComputedRef<boolean>;
  add(id: string): void;
  remove(id: string): void;
  move(from: number, to: number): void;
  scale(id: string, scale: Scale): void;
  brush(id: string, brush: Brush | null): void;
  clear(): void;
} {
  const compare = useCompareStore();
  const chosen = computed(() => compare.axes.flatMap(({ id }) => quantityOf(id, compare.directions) ?? []));
  const axes = computed(() =>
    chosen.value.map((quantity): ParallelAxis => {
      const values = runs().map((run): AxisValue => quantities.valueOf(run, quantity.id).value);
      const wanted = compare.axes.find(({ id }) => id === quantity.id)?.scale ?? 'linear';
      return {
        id: quantity.id,
        title: quantity.title,
        values,
        axis: axisOf(values, wanted),
        brush: compare.brushes.get(quantity.id) ?? null,
        unit: unitOf(quantity.format),
        format: TABLE_FORMATS[quantity.format],
      };
    }),
  );
  const active = computed(() => {
    const shown = new Set(axes.value.map(({ id }) => id));
    return new Map([...compare.brushes].filter(([id, brush]) => shown.has(id) && !isOpen(brush)));
  });
  return {
    chosen,
    axes,
    passing: computed(
      () =>
        new Set(
          brushed(new Map(axes.value.map(({ id, values }) => [id, values])), active.value, runs().length),
        ),
    ),
    isBrushed: computed(() => active.value.size > 0),
    add: (id) => (compare.axes = [...compare.axes.filter((axis) => axis.id !== id), { id, scale: 'linear' }]),
    remove(id) {
      compare.axes = compare.axes.filter((axis) => axis.id !== id);
      put(id, null);
    },
    // Places are those of the axes that are shown: of a kept one that is gone there is none.
    move(from, to) {
      const ids = moved(chosen.value, from, to).map(({ id }) => id);
      compare.axes = ids.flatMap((id) => compare.axes.find((axis) => axis.id === id) ?? []);
    },
    scale(id, scale) {
      compare.axes = compare.axes.map((axis) => (axis.id === id ? { id, scale } : axis));
      // Categories and ranges are brushed in different ways.
      put(id, null);
    },
    brush: put,
    clear: () => (compare.brushes = new Map()),
  };

  function put(id: string, brush: Brush | null): void {
    const next = new Map(compare.brushes);
    if (brush) next.set(id, brush);
    else next.delete(id);
    compare.brushes = next;
  }
}
