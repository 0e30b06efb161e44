import { useLocalStorage } from '@vueuse/core';
import { defineStore } from 'pinia';
import { ref, shallowRef } from 'vue';
import { CURVE_VIEW, readView, type CurveView } from '../panels/curve-view.ts';
import { NO_GROUPING, readGrouping, type Grouping } from '../panels/grouping.ts';
import { EMPTY_SELECTION, type Selection } from './selection.ts';

/** Whether more of a metric is better, where a person says otherwise than its name. */
export type Direction = 'higher' | 'lower' | 'none';

/** What is being compared, and how a person looks at it. Stays when the page is left. */
export const useCompareStore = defineStore('compare', () => {
  const selection = shallowRef<Selection>(EMPTY_SELECTION);
  const filter = ref('');
  /** Which side of the comparison is shown. */
  const tab = ref('curves');
  const view = useLocalStorage<CurveView>('bitsmith-compare-curves', CURVE_VIEW, kept(readView));
  const grouping = useLocalStorage<Grouping>('bitsmith-compare-groups', NO_GROUPING, kept(readGrouping));
  /** Series whose chart a person has switched off or on; the others follow the default. */
  const charts = useLocalStorage<Record<string, boolean>>('bitsmith-compare-charts', {});
  const directions = useLocalStorage<Record<string, Direction>>('bitsmith-compare-directions', {});
  return { selection, filter, tab, view, grouping, charts, directions };
});

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
