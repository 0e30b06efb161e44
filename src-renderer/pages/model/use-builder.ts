import { computed, inject, provide, ref, shallowRef, type InjectionKey } from 'vue';
import type { EdgePlace } from '#shared/model/edit/insert.ts';
import { INPUT } from '#shared/model/infer-layer.ts';
import { viewGraph, type GraphView } from './canvas/graph-view.ts';
import { positionsOf, type Positions } from './canvas/layout.ts';
import { useEdits } from './use-edits.ts';
import { isSame, steady } from './steady.ts';
import type { Model } from './use-model.ts';

/** What the dialog of the builder asks for. */
export type Question =
  | { ask: 'find' | 'presets' }
  | { ask: 'connect'; from: string }
  | { ask: 'insert'; where: 'after' | 'before'; layer: string }
  | { ask: 'insert'; where: 'edge'; edge: EdgePlace }
  | { ask: 'replace'; layer: string }
  | { ask: 'group-title'; group: string };

/** The graph as it is drawn, and what can be done with it. Called by the page, once. */
export function provideBuilder(model: Model) {
  const edits = useEdits(model);
  // What has not changed stays the very same object, so that nothing is drawn anew for it.
  const view = computed<GraphView>((before) =>
    steady(
      model.spec.value
        ? viewGraph(model.spec.value, model.canvas.value)
        : { items: [], edges: [], frames: [] },
      before,
    ),
  );
  const positions = computed<Positions>((before) => {
    const next = positionsOf(view.value, model.canvas.value);
    return before && isSame([...next], [...before]) ? before : next;
  });
  const focused = ref<string | null>(null);
  const builder = {
    model,
    edits,
    view,
    positions,
    direction: computed(() => model.canvas.value.direction ?? 'down'),
    /** Facts of each layer by its id. */
    layers: computed(() => new Map(model.inspection.value.layers.map((layer) => [layer.id, layer]))),
    /** The open question. */
    question: ref<Question | null>(null),
    /** The box that the keyboard is on, or was. */
    focused,
    /** The one box that Tab leads to. */
    tabStop: computed(() => {
      const known = (id: string | null | undefined) => view.value.items.some((item) => item.id === id);
      if (known(focused.value)) return focused.value;
      const [chosen] = model.selection.value;
      return chosen !== undefined && known(chosen) ? chosen : (view.value.items[1]?.id ?? INPUT);
    }),
    /** Where what is being dragged from the palette would go. */
    aim: shallowRef<{ edge?: string; layer?: string } | null>(null),
    /** What is being dragged from the palette. */
    dragged: ref<string | null>(null),
    /** Set by the canvas: brings a box into view, and puts the focus on it. */
    reveal: { show: (_id: string, _focus: boolean): void => undefined },
    /** Set by the page: shows the inspector and puts the focus into it. */
    inspect: { open: (): void => undefined },
  };
  provide(BUILDER, builder);
  return builder;
}
export type Builder = ReturnType<typeof provideBuilder>;
const BUILDER: InjectionKey<Builder> = Symbol('builder');

export function useBuilder(): Builder {
  const builder = inject(BUILDER);
  if (!builder) throw new Error('useBuilder is used outside of the model page');
  return builder;
}
