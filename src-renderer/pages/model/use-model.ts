import { computed, inject, provide, ref, shallowRef, watch, type InjectionKey } from 'vue';
import type { Canvas } from '#shared/draft/draft.ts';
import { isObject, type JsonKey } from '#shared/base/json-document.ts';
import { renameInCanvas, tidyCanvas } from '#shared/model/edit/canvas.ts';
import { readNetwork, type NetworkDocument, type NetworkReading } from '#shared/model/edit/network.ts';
import { renameLayer } from '#shared/model/edit/rename.ts';
import { inspectModel } from '#shared/model/inspect/inspect-model.ts';
import type { ModelProblem } from '#shared/model/inspect/types.ts';
import { lintModel } from '#shared/model/lint/lint-model.ts';
import type { Lint } from '#shared/model/lint/types.ts';
import { buildPreset } from '#shared/model/presets/choice.ts';
import type { QuantizationRules } from '#shared/model/resolve.ts';
import { toErrorData } from '#shared/base/errors.ts';
import { useToast } from '../../components/ui.ts';
import { parsePresetChoice, quantizationOf } from '../../composables/checked-config.ts';
import { useDeployment } from '../../composables/use-deployment.ts';
import { useDraftStore } from '../../stores/draft/index.ts';
import { layerShares, type LayerShares } from './layer-shares.ts';
import { steady, steadyLayers } from './steady.ts';

/** A field of a layer (or, without a layer, of the network) that something asks to be shown and focused. */
export interface FieldPlace {
  layer: string | null;
  keys: readonly JsonKey[];
}

function exportLint({ layer, message }: ModelProblem): Lint[] {
  return layer === undefined ? [] : [{ rule: 'export', layer, severity: 'warning', message }];
}

/** Called by the page, once: the model that its parts show and edit. Everything that changes goes through the draft. */
export function provideModel() {
  const draft = useDraftStore();
  const toast = useToast();

  const isPreset = computed(
    () => isObject(draft.document.model) && typeof draft.document.model.preset === 'string',
  );
  /** The draft's own network, or that of its preset on its data set; or why there is none. */
  const reading = computed<NetworkReading>(() => {
    if (!isPreset.value) return readNetwork(draft.document.model);
    if (!draft.dataset) return { ok: false, message: 'choose a data set: a preset is built for its samples' };
    try {
      const built = buildPreset(
        parsePresetChoice(draft.document.model),
        draft.dataset.shape,
        draft.dataset.classes.length,
      );
      return { ok: true, network: built as unknown as NetworkDocument };
    } catch (error) {
      return { ok: false, message: toErrorData(error).message };
    }
  });
  const spec = computed(() => (reading.value.ok ? reading.value.network : null));
  const rules = computed<QuantizationRules>((before) =>
    steady(quantizationOf(draft.document.quantization), before as QuantizationRules | undefined),
  );
  const keepLayers = steadyLayers();
  const classes = computed(() => draft.dataset?.classes.length);
  const document = computed(() => (isPreset.value ? spec.value : draft.document.model));
  const inspection = computed(() =>
    keepLayers(inspectModel(document.value, rules.value, { classes: classes.value })),
  );

  /** What the network takes of the chosen microcontroller; worked out beside the page. */
  const deployment = useDeployment(computed(() => inspection.value.model));
  /** Advice by layer id; that it cannot be exported as it is, too. */
  const lints = computed<ReadonlyMap<string, readonly Lint[]>>(() =>
    Map.groupBy(
      [...lintModel(inspection.value), ...deployment.problems.value.flatMap(exportLint)],
      ({ layer }) => layer,
    ),
  );
  /** What each layer takes of the part's flash and RAM, by layer id. */
  const shares = computed<ReadonlyMap<string, LayerShares>>(() =>
    layerShares(deployment.estimate.value, deployment.part.value),
  );

  const selection = ref<readonly string[]>([]);
  function select(ids: readonly string[]): void {
    const known = new Set(spec.value?.layers.map(({ id }) => id));
    selection.value = [...new Set(ids)].filter((id) => known.has(id));
  }
  watch(spec, () => {
    const known = new Set(spec.value?.layers.map(({ id }) => id));
    if (selection.value.some((id) => !known.has(id))) select(selection.value);
  });

  /**
   * One change of the network, of its drawing, or of both: one step of the history. A preset becomes a network of one's
   * own with the first change of its layers.
   */
  function edit(
    title: string,
    next: { spec?: object | undefined; canvas?: Canvas | undefined },
    mergeKey?: string,
  ): void {
    const leaves = isPreset.value && next.spec !== undefined;
    const document = next.spec ? { ...draft.document, model: next.spec } : draft.document;
    const reads = next.spec ? readNetwork(next.spec) : reading.value;
    const canvas = next.canvas ?? draft.canvas;
    const tidy = reads.ok ? tidyCanvas(canvas, reads.network) : canvas;
    draft.edit(title, { document, canvas: tidy }, mergeKey);
    if (!leaves) return;
    toast.add({
      id: 'own-network',
      title: 'This is now a network of your own',
      description: 'The preset is left as it was. Its layers are copied into this draft.',
      icon: 'i-lucide-copy-check',
      actions: [
        {
          label: 'Undo',
          color: 'neutral',
          variant: 'outline',
          onClick: () => {
            draft.undo();
          },
        },
      ],
    });
  }
  const apply = (title: string, next: object, mergeKey?: string): void =>
    edit(title, { spec: next }, mergeKey);

  /** Gives a layer another id; whatever names it follows: inputs, places, groups, the selection. */
  function rename(from: string, to: string): void {
    if (!spec.value) return;
    const next = renameLayer(spec.value, from, to);
    const chosen = selection.value.map((id) => (id === from ? to : id));
    edit(`Rename ${from} to ${to}`, { spec: next, canvas: renameInCanvas(draft.canvas, from, to) });
    select(chosen);
  }

  const field = shallowRef<FieldPlace | null>(null);
  /** Shows a field of the configuration, e.g. `['model', 'layers', 2, 'filters']`, in the inspector. */
  function showField(keys: readonly JsonKey[]): void {
    const [root, list, index, ...rest] = keys;
    if (root !== 'model') field.value = { layer: null, keys };
    else if (list === 'layers' && typeof index === 'number') {
      const id = spec.value?.layers[index]?.id;
      if (id === undefined) return;
      select([id]);
      field.value = { layer: id, keys: rest };
    } else field.value = { layer: null, keys };
  }

  /** What the last edit did, for the live region. */
  const announcement = ref('');
  function announce(sentence: string): void {
    // A repeated sentence is only spoken where it differs.
    announcement.value = announcement.value === sentence ? `${sentence}\u00a0` : sentence;
  }

  const model = {
    /** The layers as they are written, preset or not; null where they cannot be told apart. */
    spec,
    reading,
    isPreset,
    canvas: computed(() => draft.canvas),
    rules,
    inspection,
    lints,
    deployment,
    shares,
    selection,
    select,
    apply,
    edit,
    rename,
    /** The field that was asked for last; whoever shows it sets it back to null. */
    field,
    showField,
    announcement,
    announce,
  };
  provide(MODEL, model);
  return model;
}

export type Model = ReturnType<typeof provideModel>;
const MODEL: InjectionKey<Model> = Symbol('model');

/** The model that the page edits. Only inside of the model page. */
export function useModel(): Model {
  const model = inject(MODEL);
  if (!model) throw new Error('useModel is used outside of the model page');
  return model;
}
