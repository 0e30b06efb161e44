import { computed, type WritableComputedRef } from 'vue';
import { partOf } from '#shared/export/parts/index.ts';
import { TARGETS } from '#shared/export/targets/index.ts';
import type { TargetId } from '#shared/export/targets/types.ts';
import { useCompareStore } from '../../stores/compare.ts';
import { useSettingsStore } from '../../stores/settings.ts';

export const CORES = TARGETS.map(({ id, title }) => ({ value: id, label: title }));

/** The core whose memory counts: the one that was chosen here, else that of the microcontroller of the settings. */
export function useCore(): WritableComputedRef<TargetId> {
  const compare = useCompareStore();
  const settings = useSettingsStore();
  return computed({
    get: () => compare.core ?? coreOf(settings.data?.target),
    set: (id) => (compare.core = id),
  });
}

function coreOf(part: string | undefined): TargetId {
  try {
    return part === undefined ? 'cortex-m4' : partOf(part).target;
  } catch {
    // Of another version.
    return 'cortex-m4';
  }
}
