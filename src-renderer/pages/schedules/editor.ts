import { useElementSize, useLocalStorage } from '@vueuse/core';
import { computed, inject, provide, ref, shallowRef, watch, type InjectionKey } from 'vue';
import { getIn, isObject, setIn, type JsonKey, type JsonObject } from '#shared/base/json-document.ts';
import { splitDataset } from '#shared/dataset/split.ts';
import { compactSchedule } from '#shared/train/schedule/edit/compact.ts';
import type { Schedule } from '#shared/train/schedule/schema.ts';
import { useDatasetsStore } from '../../stores/datasets.ts';
import { useDraftStore } from '../../stores/draft/index.ts';
import { problemsAt } from '../../stores/draft/verdict.ts';
import { useInstalledStore } from '../../stores/installed.ts';
import { drawablePlan } from './drawable-plan.ts';
import { readoutAt } from './readout.ts';
import { timeScale } from './scales.ts';
import type { QuantityId, Scope } from './tracks.ts';
import { useView } from './use-view.ts';

/** What the panel beside the tracks shows. */
export type Selection =
  | ({ kind: 'schedule'; quantity: QuantityId } & Scope)
  | { kind: 'phase'; index: number }
  | { kind: 'freeze' };

function createEditor() {
  const draft = useDraftStore();
  const installed = useInstalledStore();
  const catalogue = useDatasetsStore();

  /** The training document while something is dragged: it becomes one edit when it is let go. */
  const preview = shallowRef<JsonObject | null>(null);
  const kept = computed<JsonObject>(() => {
    const { training } = draft.document;
    return isObject(training) ? training : {};
  });
  const training = computed(() => preview.value ?? kept.value);

  const lastRight = shallowRef<JsonObject | null>(null);
  const drawn = computed(() => drawablePlan(training.value, lastRight.value));
  watch(
    drawn,
    ({ wrong, training: right }) => {
      if (wrong.length === 0) lastRight.value = right;
    },
    { immediate: true, flush: 'sync' },
  );
  const plan = computed(() => drawn.value.plan);

  /** As the trainer counts them; null while the data set is unknown or too small for one batch. */
  const trainSamples = computed(() => {
    const { config } = draft.verdict;
    const name = String(getIn(draft.document, ['dataset', 'name']));
    const count = installed.byName.get(name)?.train ?? catalogue.data.find((row) => row.name === name)?.train;
    if (count === undefined) return null;
    const choice = {
      validation: config?.dataset.validation ?? 0.1,
      ...(config?.dataset.limit ? { limit: config.dataset.limit } : {}),
    };
    return splitDataset({ train: count, test: 0 }, choice, 0).train.length;
  });
  const stepsPerEpoch = computed(() => {
    if (trainSamples.value === null) return null;
    return Math.floor(trainSamples.value / plan.value.batchSize) || null;
  });

  const plot = ref<HTMLElement>();
  const { width } = useElementSize(plot);
  const frozen = shallowRef<[number, number] | null>(null);
  const view = useView(() => plan.value.epochs);
  const time = computed(() => timeScale(...(frozen.value ?? view.range.value), Math.max(120, width.value)));

  const snap = useLocalStorage('bitsmith-schedules-snap', true);
  const log = useLocalStorage('bitsmith-schedules-log', false);
  const placed = ref(0);
  const playhead = computed({
    get: () => Math.min(placed.value, plan.value.epochs),
    set: (epoch: number) => (placed.value = Math.min(plan.value.epochs, Math.max(0, epoch))),
  });
  /** Of the pointer, in pixels of the drawing: when the view moves under it, its moment is another one. */
  const pointer = ref<number | null>(null);
  const hover = computed(() => {
    if (pointer.value === null) return null;
    const epoch = time.value.epoch(pointer.value);
    return epoch >= time.value.from && epoch <= time.value.to ? epoch : null;
  });
  /** While the playhead is moved with the keys, its moment is read off like that of the pointer. */
  const followed = ref(false);
  const readout = computed(() => readoutAt(plan.value, hover.value ?? playhead.value, stepsPerEpoch.value));
  const selection = shallowRef<Selection>({ kind: 'schedule', quantity: 'learningRate', phase: null });

  /** One change of `training`. `merge`: changes with the same key in quick succession are one undo step. */
  function edit(title: string, next: JsonObject, merge?: string): void {
    draft.edit(title, { document: setIn(draft.document, ['training'], next) }, merge);
  }
  function setField(keys: readonly JsonKey[], value: unknown, title: string): void {
    edit(title, setIn(kept.value, keys, value), `training.${keys.join('.')}`);
  }
  function setSchedule(keys: readonly JsonKey[], schedule: Schedule, title: string, merge?: string): void {
    edit(title, setIn(kept.value, keys, compactSchedule(schedule)), merge);
  }

  /** Something is dragged: the axis keeps still, nothing is kept before it is let go. */
  function drag(title: string) {
    const base = kept.value;
    frozen.value = [time.value.from, time.value.to];
    const end = () => {
      frozen.value = null;
      preview.value = null;
    };
    return {
      base,
      show: (next: JsonObject) => (preview.value = next),
      drop() {
        const next = preview.value;
        end();
        if (next && JSON.stringify(next) !== JSON.stringify(base)) edit(title, next);
      },
      cancel: end,
    };
  }

  const problems = computed(() =>
    draft.verdict.problems
      .filter(({ path }) => path === 'training' || path.startsWith('training.'))
      .map(({ path, text }) => ({ path: path.replace(/^training\.?/, ''), text })),
  );

  return {
    draft,
    training,
    plan,
    /** Fields of `training` that are drawn as they last were right. */
    wrong: computed(() => drawn.value.wrong),
    problems,
    problemText(path: string): string | null {
      const mine = problemsAt(problems.value, path);
      return mine.length > 0 ? mine.map(({ text }) => text).join(' ') : null;
    },
    stepsPerEpoch,
    plot,
    view,
    time,
    snap,
    log,
    playhead,
    pointer,
    hover,
    followed,
    /** What counts in the step under the pointer, or else at the playhead. */
    readout,
    /** Where that is drawn over the tracks; null where it is out of view, or nobody asks. */
    readoutX: computed(() => {
      const { from, to, x } = time.value;
      const { epoch } = readout.value;
      const asked = hover.value !== null || followed.value;
      return asked && epoch >= from - 1e-9 && epoch <= to + 1e-9 ? x(epoch) : null;
    }),
    selection,
    dragging: computed(() => frozen.value !== null),
    edit,
    setField,
    setSchedule,
    drag,
  };
}

export type ScheduleEditor = ReturnType<typeof createEditor>;
const KEY: InjectionKey<ScheduleEditor> = Symbol('schedule editor');

/** Begins the editor of the page's draft, for all of the page's parts. */
export function provideEditor(): ScheduleEditor {
  const editor = createEditor();
  provide(KEY, editor);
  return editor;
}

export function useEditor(): ScheduleEditor {
  const editor = inject(KEY);
  if (!editor) throw new Error('no schedule editor around this component');
  return editor;
}
