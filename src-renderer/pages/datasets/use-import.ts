import { watchDebounced } from '@vueuse/core';
import { computed, onScopeDispose, ref, shallowRef, watch } from 'vue';
import { toErrorData, type ErrorData } from '#shared/base/errors.ts';
import type {
  DatasetDetail,
  ImportKind,
  ImportPeek,
  ImportPlan,
  ImportPreview,
} from '#shared/contract/api/dataset.ts';
import { classNamesProblem, DATASET_NAME } from '#shared/dataset/name.ts';
import { host } from '../../client/index.ts';
import { checkWith, datasetFormat } from '../../composables/checked-config.ts';
import { useDatasetsStore } from '../../stores/datasets.ts';
import { useInstalledStore } from '../../stores/installed.ts';
import { useTasksStore } from '../../stores/tasks.ts';

/** Class names as a person types them, one on each line; undefined when nothing is typed. */
export function readClasses(text: string): string[] | undefined {
  const names = text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');
  return names.length > 0 ? names : undefined;
}

/** What is wrong with a name for a new data set, or null. */
export function nameProblem(name: string, taken: ReadonlySet<string>): string | null {
  if (!DATASET_NAME.test(name))
    return 'Lower-case letters, digits and hyphens, at most 63, beginning with a letter or digit';
  return taken.has(name) ? `There is a data set ${name} already` : null;
}

/** The three steps of an import: look at a place, read it whole without keeping anything, install it. */
export function useImport(given: string) {
  const tasks = useTasksStore();
  const installed = useInstalledStore();
  const catalogue = useDatasetsStore();

  const path = ref(given);
  const plan = shallowRef<ImportPlan | null>(null);
  const kind = ref<ImportKind | null>(null);
  const preview = shallowRef<ImportPreview | null>(null);
  const options = shallowRef<Readonly<Record<string, unknown>>>({});
  const peek = shallowRef<ImportPeek | null>(null);
  const peekProblem = shallowRef<ErrorData | null>(null);
  const name = ref('');
  const classText = ref('');
  const problem = shallowRef<ErrorData | null>(null);
  const busy = ref<'look' | 'read' | 'install' | null>(null);
  const taskId = ref<string | null>(null);
  const task = computed(() => (taskId.value ? tasks.tasks.get(taskId.value) : undefined));

  const chosen = computed(() => plan.value?.kinds.find((one) => one.kind === kind.value) ?? null);
  const taken = computed(() => new Set([...installed.data, ...catalogue.data].map((known) => known.name)));
  const nameError = computed(() => nameProblem(name.value, taken.value));
  const classes = computed(() => readClasses(classText.value));
  const classError = computed(() => (classes.value ? classNamesProblem(classes.value) : null));

  const schema = computed(() => (kind.value ? (datasetFormat(kind.value).options ?? null) : null));
  /** What is wrong with the options: what their schema says, and what the reading found out. */
  const optionProblems = computed(() => {
    if (!schema.value) return [];
    const verdict = checkWith(schema.value, options.value);
    if ('issues' in verdict) return verdict.issues.map(({ path, text }) => ({ path, text }));
    return [problem.value, peekProblem.value].flatMap((error) => {
      const option = error?.details?.option;
      return error && typeof option === 'string' ? [{ path: option, text: error.message }] : [];
    });
  });
  const optionsWrong = computed(
    () => schema.value !== null && 'issues' in checkWith(schema.value, options.value),
  );

  // What was found out about one place or kind says nothing about another.
  watch(path, () => {
    plan.value = null;
    kind.value = null;
  });
  watch(kind, () => {
    options.value = {};
    peek.value = null;
  });
  watch([plan, kind, classText, options], () => {
    preview.value = null;
    problem.value = null;
  });

  let asked = 0;
  watchDebounced(
    [plan, kind, options],
    async () => {
      const mine = ++asked;
      peekProblem.value = null;
      if (!plan.value || !kind.value || !schema.value || optionsWrong.value) return;
      try {
        const answer = await host.call.dataset.peek({
          path: plan.value.path,
          kind: kind.value,
          options: { ...options.value },
        });
        if (mine === asked) peek.value = answer;
      } catch (error) {
        if (mine === asked) peekProblem.value = toErrorData(error);
      }
    },
    { debounce: 250 },
  );

  async function step(which: 'look' | 'read' | 'install', work: () => Promise<void>): Promise<boolean> {
    if (busy.value) return false;
    busy.value = which;
    problem.value = null;
    try {
      await work();
      return true;
    } catch (error) {
      problem.value = toErrorData(error);
      return false;
    } finally {
      busy.value = null;
      taskId.value = null;
    }
  }

  const look = () =>
    step('look', async () => {
      const asked = path.value;
      const answer = await host.call.dataset.inspect({ path: asked.trim() });
      if (asked !== path.value) return;
      plan.value = answer;
      kind.value = answer.kinds.find(({ reason }) => reason === null)?.kind ?? null;
      name.value = answer.name;
    });

  const request = () => ({
    path: plan.value?.path ?? '',
    kind: kind.value ?? 'idx',
    ...(classes.value ? { classes: classes.value } : {}),
    ...(Object.keys(options.value).length > 0 ? { options: { ...options.value } } : {}),
  });

  const read = () =>
    step('read', async () => {
      const started = await host.call.dataset.rehearse(request());
      taskId.value = started.task;
      preview.value = (await tasks.finished(started.task)) as ImportPreview;
    });

  /** Resolves to what is installed now, or null. */
  async function install(): Promise<DatasetDetail | null> {
    let info: DatasetDetail | null = null;
    await step('install', async () => {
      const started = await host.call.dataset.import({ ...request(), name: name.value });
      taskId.value = started.task;
      info = (await tasks.finished(started.task)) as DatasetDetail;
      await installed.refresh();
    });
    return info;
  }

  function cancel(): void {
    if (taskId.value) void tasks.cancel(taskId.value);
  }
  // Whoever closes the dialog does not want what it was reading.
  onScopeDispose(() => {
    asked++;
    if (busy.value === 'read') cancel();
  });

  return {
    path,
    plan,
    kind,
    chosen,
    schema,
    options,
    optionProblems,
    optionsWrong,
    peek,
    peekProblem,
    preview,
    name,
    nameError,
    classText,
    classes,
    classError,
    problem,
    busy,
    task,
    look,
    read,
    install,
    cancel,
  };
}
