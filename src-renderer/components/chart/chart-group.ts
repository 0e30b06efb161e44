import {
  computed,
  onScopeDispose,
  shallowReactive,
  shallowRef,
  type ComputedRef,
  type ShallowRef,
} from 'vue';
import type { Range } from './range.ts';

/** What charts over one x axis share: the part that is looked at, and the place that is pointed at. */
export interface ChartGroup {
  /** Null: everything. */
  range: ShallowRef<Range | null>;
  cursor: ShallowRef<{ x: number; chart: symbol } | null>;
  /** The whole x axis of each chart that is drawn. */
  extents: Map<symbol, Range>;
  /** Of all of them together; null while none is drawn. */
  extent: ComputedRef<Range | null>;
}

const groups = new Map<string, { group: ChartGroup; users: number }>();

/** The group of that name, for as long as anybody uses it; without a name one of its own. */
export function useChartGroup(name: string | undefined): ChartGroup {
  if (name === undefined) return newGroup();
  const entry = groups.get(name) ?? { group: newGroup(), users: 0 };
  groups.set(name, entry);
  entry.users++;
  onScopeDispose(() => {
    if (--entry.users === 0) groups.delete(name);
  });
  return entry.group;
}

function newGroup(): ChartGroup {
  const extents = shallowReactive(new Map<symbol, Range>());
  const extent = computed(() => {
    if (extents.size === 0) return null;
    const all = [...extents.values()];
    return { from: Math.min(...all.map(({ from }) => from)), to: Math.max(...all.map(({ to }) => to)) };
  });
  return { range: shallowRef(null), cursor: shallowRef(null), extents, extent };
}
