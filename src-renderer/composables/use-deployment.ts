import { computed, type Ref } from 'vue';
import { toErrorData } from '#shared/base/errors.ts';
import { fitVerdict } from '#shared/export/estimate/fit-verdict.ts';
import type { DeploymentEstimate, FitVerdict } from '#shared/export/estimate/types.ts';
import { partOf } from '#shared/export/parts/index.ts';
import type { Part } from '#shared/export/parts/types.ts';
import type { ModelProblem } from '#shared/model/inspect/types.ts';
import type { ResolvedModel } from '#shared/model/resolve.ts';
import { useToast } from '../components/ui.ts';
import { useDraftStore } from '../stores/draft/index.ts';
import { useSettingsStore } from '../stores/settings.ts';
import { useEstimate, type SpawnEstimator } from './use-estimate.ts';

const FIRST_PART = 'cortex-m4';

/** The part of a setting; one that this version does not know is the usual core. */
export function partOrFirst(id: string | undefined): Part {
  try {
    return partOf(id ?? FIRST_PART);
  } catch {
    return partOf(FIRST_PART);
  }
}

/** What the draft's network takes of the chosen microcontroller, and whether it fits. */
export function useDeployment(model: Ref<ResolvedModel | null>, spawn?: SpawnEstimator) {
  const settings = useSettingsStore();
  const draft = useDraftStore();
  const toast = useToast();

  const part = computed(() => partOrFirst(settings.data?.target));
  async function choosePart(id: string): Promise<void> {
    try {
      await settings.change({ target: id });
    } catch (error) {
      const { message } = toErrorData(error);
      toast.add({ title: 'The target could not be kept', description: message, color: 'error' });
    }
  }

  /** Of the training plan only pruning decides about the firmware: a change of anything else asks nothing anew. */
  const training = computed(() => {
    const plan = draft.verdict.config?.training;
    return plan?.pruning ? plan : undefined;
  });
  /** The firmware of a network that hears carries the front end of its data set. */
  const sound = computed(() => draft.dataset?.sound);
  const found = useEstimate({ model, part, training, sound }, spawn);
  const estimate = computed<DeploymentEstimate | null>(() =>
    found.result.value?.ok ? found.result.value.estimate : null,
  );
  /** What keeps the network, as it stands, from being deployed. */
  const problems = computed<readonly ModelProblem[]>(() => {
    const { value } = found.result;
    return value && !value.ok && !found.isStale.value ? value.problems : [];
  });
  /** Why there is no estimate: the network cannot be deployed, or it could not be worked out. */
  const refusal = computed<string | null>(() => {
    if (found.error.value !== null) return found.error.value;
    const { value } = found.result;
    return value && !value.ok ? value.problems.map(({ message }) => message).join('; ') : null;
  });
  const verdict = computed<FitVerdict | null>(() =>
    estimate.value && found.error.value === null ? fitVerdict(estimate.value, part.value) : null,
  );
  return {
    /** Whether there is a network to work out at all. */
    isWhole: computed(() => model.value !== null),
    part,
    choosePart,
    estimate,
    refusal,
    problems,
    verdict,
    isBusy: found.isBusy,
    isStale: found.isStale,
  };
}
export type Deployment = ReturnType<typeof useDeployment>;
