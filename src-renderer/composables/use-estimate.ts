import { computed, onScopeDispose, ref, shallowRef, watch, type Ref } from 'vue';
import type { Part } from '#shared/export/parts/types.ts';
import type { EstimateOptions, EstimateResult } from '#shared/export/estimate/types.ts';
import type { ResolvedModel } from '#shared/model/resolve.ts';
import type { EstimateAnswer, EstimateQuestion } from '../workers/estimate.ts';
import { askLatest, type Spawn } from './ask-latest.ts';

/** Changes that follow each other faster are one question. */
const QUIET_MS = 120;
/** How long a question may wait for an older one to be answered. */
const PATIENCE_MS = 300;
const MOST_KEPT = 24;

/** Answers of this window, newest last: undoing an edit shows what was known before, at once. */
const known = new Map<string, EstimateResult>();

function keep(key: string, result: EstimateResult): void {
  known.delete(key);
  known.set(key, result);
  const [oldest] = known.keys();
  if (known.size > MOST_KEPT && oldest !== undefined) known.delete(oldest);
}

export type SpawnEstimator = Spawn<EstimateQuestion, EstimateAnswer>;

const spawnWorker: SpawnEstimator = (on) => {
  const worker = new Worker(new URL('../workers/estimate.ts', import.meta.url), {
    type: 'module',
    name: 'estimate',
  });
  worker.onmessage = ({ data }: MessageEvent<EstimateAnswer>) => on.answer(data);
  worker.onerror = ({ message }) => on.failure(message || 'its worker could not be started');
  return { ask: (question) => worker.postMessage(question), end: () => worker.terminate() };
};

export interface Estimate {
  /** The last answer; see `isStale`. Null before the first. */
  result: Readonly<Ref<EstimateResult | null>>;
  /** Being worked out. */
  isBusy: Readonly<Ref<boolean>>;
  /** `result` is that of an earlier network, part or training. */
  isStale: Readonly<Ref<boolean>>;
  /** Why it could not be worked out, as a sentence; not what keeps a network from being deployed. */
  error: Readonly<Ref<string | null>>;
}

/**
 * What a network would take of a microcontroller, worked out by a worker, live while it is edited. An old answer is never
 * given as new: until the new one is here, the old one is `isStale`.
 *
 * @param asked `model` null: the network is not whole, and the last answer stays, stale; `sound`: the front end of a data
 * set of sound
 */
export function useEstimate(
  asked: {
    model: Ref<ResolvedModel | null>;
    part: Ref<Part>;
    training?: Ref<EstimateOptions['training']>;
    sound?: Ref<EstimateOptions['sound']>;
  },
  spawn: SpawnEstimator = spawnWorker,
): Estimate {
  const result = shallowRef<EstimateResult | null>(null);
  const answered = ref('');
  const isBusy = ref(false);
  const error = ref<string | null>(null);
  let sent = '';
  let timer: ReturnType<typeof setTimeout> | undefined;

  const question = computed<EstimateQuestion | null>(() =>
    asked.model.value
      ? {
          model: asked.model.value,
          options: {
            target: asked.part.value.target,
            training: asked.training?.value,
            sound: asked.sound?.value,
          },
        }
      : null,
  );
  const key = computed(() => (question.value ? JSON.stringify(question.value) : ''));

  const asker = askLatest<EstimateQuestion, EstimateAnswer>({
    spawn,
    patience: PATIENCE_MS,
    onAnswer(answer) {
      isBusy.value = false;
      if ('error' in answer) {
        error.value = `The estimate failed: ${answer.error.message}.`;
        return;
      }
      keep(sent, answer.result);
      show(sent, answer.result);
    },
    onFailure(sentence) {
      isBusy.value = false;
      error.value = `The estimate failed: ${sentence}.`;
    },
  });
  function show(of: string, answer: EstimateResult): void {
    result.value = answer;
    answered.value = of;
    error.value = null;
  }
  function send(): void {
    if (!question.value) return;
    sent = key.value;
    asker.ask(question.value);
  }

  watch(
    key,
    (now) => {
      clearTimeout(timer);
      asker.forget();
      isBusy.value = false;
      error.value = null;
      const before = known.get(now);
      if (before) show(now, before);
      if (before || now === '') return;
      isBusy.value = true;
      timer = setTimeout(send, QUIET_MS);
    },
    { immediate: true },
  );
  onScopeDispose(() => {
    clearTimeout(timer);
    asker.stop();
  });
  return { result, isBusy, error, isStale: computed(() => answered.value !== key.value) };
}
