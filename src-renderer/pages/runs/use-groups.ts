import { computed, type ComputedRef } from 'vue';
import { groupableFields, groupRuns, type RunGroup } from '#shared/run/compare/group-runs.ts';
import { useCompareStore } from '../../stores/compare.ts';
import type { ComparisonQuery } from './use-comparison.ts';

export interface LookedGroup extends RunGroup {
  look: number;
  /** The baseline is one of its runs. */
  strong: boolean;
}

/** The runs of the comparison in the groups that a person chose; null where each stands for itself. */
export function useGroups(comparison: ComparisonQuery): {
  groups: ComputedRef<LookedGroup[] | null>;
  fields: ComputedRef<string[]>;
} {
  const compare = useCompareStore();
  const groups = computed(() => {
    const { by } = compare.grouping;
    const data = comparison.data.value;
    if (!by || !data) return null;
    const ids = data.runs.map(({ id }) => id);
    const { looks, baseline, runs } = compare.selection;
    return groupRuns(data.configDiff, ids, by)
      .map((group) => ({ ...group, runs: group.runs.filter((run) => runs.includes(run)) }))
      .filter((group) => group.runs.length > 0)
      .map((group) => ({
        ...group,
        // The lowest of its runs' looks: no two groups share one, and it stays while the group does.
        look: Math.min(...group.runs.map((run) => looks.get(run) ?? 0)),
        strong: baseline !== null && group.runs.includes(baseline),
      }));
  });
  return { groups, fields: computed(() => groupableFields(comparison.data.value?.configDiff ?? [])) };
}
