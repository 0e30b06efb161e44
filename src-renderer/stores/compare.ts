import { useLocalStorage } from '@vueuse/core';
import { defineStore } from 'pinia';
import { ref, shallowRef } from 'vue';
import type { Brush } from '#shared/run/compare/brush.ts';
import { TARGET_IDS } from '#shared/export/targets/ids.ts';
import type { TargetId } from '#shared/export/targets/types.ts';
import {
  PARALLEL_AXES,
  readAxes,
  readScatter,
  SCATTER_VIEW,
  type AxisChoice,
  type ScatterView,
} from '../panels/compare-axes.ts';
import { CURVE_VIEW, readView, type CurveView } from '../panels/curve-view.ts';
import { NO_GROUPING, readGrouping, type Grouping } from '../panels/grouping.ts';
import { EMPTY_SELECTION, type Selection } from './selection.ts';

/** Whether more of a metric is better, where a person says otherwise than its name. */
export type Direction = 'higher' | 'lower' | 'none';

/** What is being compared, and how a person looks at it. Stays when the page is left. */
export const useCompareStore = defineStore('compare', () => {
  const selection = shallowRef<Selection>(EMPTY_SELECTION);
  /** Which side of the comparison is shown. */
  const tab = ref('curves');
  const view = useLocalStorage<CurveView>('bitsmith-compare-curves', CURVE_VIEW, kept(readView));
  const grouping = useLocalStorage<Grouping>('bitsmith-compare-groups', NO_GROUPING, kept(readGrouping));
  /** Series whose chart a person has switched off or on; the others follow the default. */
  const charts = useLocalStorage<Record<string, boolean>>('bitsmith-compare-charts', {});
  const directions = useLocalStorage<Record<string, Direction>>('bitsmith-compare-directions', {});
  /** Whether the selected runs are looked at together, or all that the table shows. */
  const scope = ref<'selected' | 'table'>('selected');
  const axes = useLocalStorage<readonly AxisChoice[]>('bitsmith-compare-axes', PARALLEL_AXES, kept(readAxes));
  const brushes = shallowRef<ReadonlyMap<string, Brush>>(new Map());
  const scatter = useLocalStorage<ScatterView>('bitsmith-compare-scatter', SCATTER_VIEW, kept(readScatter));
  /** The core whose memory counts; null: that of the chosen microcontroller. */
  const core = useLocalStorage<TargetId | null>('bitsmith-compare-core', null, kept(readCore));
  return {
    selection,
    tab,
    view,
    grouping,
    charts,
    directions,
    scope,
    axes,
    brushes,
    scatter,
    core,
  };
});

function readCore(kept: unknown): TargetId | null {
  return TARGET_IDS.find((id) => id === kept) ?? null;
}

/** What an earlier version kept, or a person changed by hand, must not break the page. */
function kept<T>(read: (value: unknown) => T) {
  return {
    serializer: {
      read: (text: string): T => {
        try {
          return read(JSON.parse(text));
        } catch {
          return read(null);
        }
      },
      write: (value: T) => JSON.stringify(value),
    },
  };
}
