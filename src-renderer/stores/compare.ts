import { useLocalStorage } from '@vueuse/core';
import { defineStore } from 'pinia';
import { ref, shallowRef } from 'vue';
import { EMPTY_SELECTION, type Selection } from './selection.ts';
import type { CurveView } from '../panels/curves.ts';

/** What is being compared, and how a person looks at it. Stays when the page is left. */
export const useCompareStore = defineStore('compare', () => {
  const selection = shallowRef<Selection>(EMPTY_SELECTION);
  const filter = ref('');
  const view = useLocalStorage<CurveView>('bitsmith-compare-view', { x: 'step', smoothing: 0, log: false });
  /** Series whose chart a person has switched off or on; the others follow the default. */
  const charts = useLocalStorage<Record<string, boolean>>('bitsmith-compare-charts', {});
  return { selection, filter, view, charts };
});
