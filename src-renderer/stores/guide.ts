import { defineStore } from 'pinia';
import { computed, ref, watch } from 'vue';
import type { GuideSight } from '#shared/settings/settings.ts';
import { host } from '../client/index.ts';
import {
  guideComplete,
  guideSteps,
  type GuideFacts,
  type GuideStep,
  type GuideStepId,
} from '../components/guide/guide-steps.ts';
import { useGetDataset } from '../composables/use-get-dataset.ts';
import { useQuery } from '../composables/use-query.ts';
import { useBundlesStore } from './bundles.ts';
import { useDatasetsStore } from './datasets.ts';
import { useDevicesStore } from './devices.ts';
import { useInstalledStore } from './installed.ts';
import { useRunsStore } from './runs.ts';
import { useSettingsStore } from './settings.ts';
import { useTargetsStore } from './targets.ts';
import { useTasksStore } from './tasks.ts';

/** Bundles whose verification is asked for: the newest. */
const BUNDLES_ASKED = 10;

/** The way from a fresh data folder to verified firmware, and how far a person has come on it. */
export const useGuideStore = defineStore('guide', () => {
  const settings = useSettingsStore();
  const installed = useInstalledStore();
  const catalogue = useDatasetsStore();
  const devices = useDevicesStore();
  const runs = useRunsStore();
  const bundles = useBundlesStore();
  const targets = useTargetsStore();
  const tasks = useTasksStore();
  const { problemOf } = useGetDataset();

  const demo = useQuery({ initial: null, load: () => host.call.run.demoConfig({}) });
  const verified = useQuery<GuideFacts['verified']>({
    initial: 'none',
    load: async () => {
      const written = (await host.call.export.list({})).toSorted((a, b) =>
        b.createdAt.localeCompare(a.createdAt),
      );
      for (const { id } of written.slice(0, BUNDLES_ASKED)) {
        // A bundle whose folder was deleted by hand counts as not verified.
        const result = await host.call.export.verification({ bundle: id }).catch(() => null);
        if (!result) continue;
        if (result.passed) return 'passed';
        return [result.host, ...result.cores].some(({ ran }) => ran) ? 'differs' : 'not-run';
      }
      return 'none';
    },
    topics: ['bundles-changed'],
  });
  // A verification changes no bundle, only what is known of it.
  watch(
    () => tasks.running.filter(({ labels }) => labels.bundle !== undefined).length,
    () => verified.hint(),
  );

  const facts = computed<GuideFacts>(() => {
    const name = demo.data.value?.dataset ?? 'mnist';
    const row = catalogue.data.find((one) => one.name === name);
    const [device] = devices.data;
    const compiler = targets.data.find(({ id }) => id === 'host')?.compiler;
    return {
      installed: installed.data.map(({ title }) => title),
      demo: row
        ? { title: row.title, samples: row.train + row.test, downloadBytes: row.downloadBytes }
        : null,
      downloadProblem: problemOf(name),
      seen: settings.data?.guideSeen ?? [],
      runs: runs.data,
      deviceProblem:
        device && devices.available.length === 0
          ? `Nothing can train here: ${device.reason ?? `${device.title} is not available`}. ${device.remedy ?? ''}`
          : null,
      bundles: bundles.data.length,
      verified: verified.data.value,
      compilerRemedy: compiler && !compiler.available ? (compiler.remedy ?? 'Install one.') : null,
    };
  });
  const steps = computed(() => guideSteps(facts.value));
  const complete = computed(() => guideComplete(steps.value, facts.value));
  const ready = computed(() =>
    [settings.state, installed.state, runs.state, bundles.state, verified.state.value].every(
      (one) => one !== 'loading',
    ),
  );

  /** The step that a person looks at; it does not run away when it is done. */
  const chosen = ref<GuideStepId | null>(null);
  const current = computed<GuideStep>(() => {
    const [first] = steps.value;
    const picked = steps.value.find(({ id }) => id === chosen.value);
    return picked ?? steps.value.find(({ done }) => !done) ?? steps.value.at(-1) ?? first!;
  });
  // What a person sees first stays, until the person goes on.
  watch(
    ready,
    (now) => {
      if (now) chosen.value ??= current.value.id;
    },
    { immediate: true },
  );
  const next = computed(() => steps.value.find(({ done, id }) => !done && id !== current.value.id) ?? null);

  const active = computed(() => settings.data?.guideActive ?? false);
  const offered = computed(() => settings.data !== null && !settings.data.guideClosed);
  const begin = () => {
    chosen.value = steps.value.find(({ done }) => !done)?.id ?? null;
    return settings.change({ guideActive: true, guideClosed: false });
  };
  const leave = () => settings.change({ guideActive: false });
  const dismiss = () => settings.change({ guideActive: false, guideClosed: true });
  async function saw(what: GuideSight): Promise<void> {
    const seen = settings.data?.guideSeen;
    if (!seen || seen.includes(what)) return;
    // Without the host it is seen the next time.
    await settings.change({ guideSeen: [...seen, what] }).catch(() => undefined);
  }
  return {
    steps,
    complete,
    ready,
    current,
    next,
    active,
    offered,
    begin,
    leave,
    dismiss,
    saw,
    demo: demo.data,
    choose: (id: GuideStepId) => (chosen.value = id),
  };
});
