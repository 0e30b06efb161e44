import { defineStore, storeToRefs } from 'pinia';
import { computed, onScopeDispose, ref, shallowRef } from 'vue';
import { toErrorData } from '#shared/base/errors.ts';
import { getIn, setIn, type JsonKey, type JsonObject } from '#shared/base/json-document.ts';
import type { Canvas, Draft } from '#shared/draft/draft.ts';
import { host } from '../../client/index.ts';
import { useDatasetsStore } from '../datasets.ts';
import { useInstalledStore } from '../installed.ts';
import { change, redo, startHistory, undo, type History } from './history.ts';
import { useDraftListStore } from './list.ts';
import { FIRST_DOCUMENT, newDraft } from './new-draft.ts';
import { createSaver, type SaveState } from './saver.ts';
import { judge, type DatasetFacts } from './verdict.ts';

interface Edited {
  document: JsonObject;
  canvas: Canvas;
}

/**
 * The run configuration that is being edited: New run, the model builder and the schedules all show this one. Every change
 * can be undone, and is kept by the host within half a second, so that it survives the window and the program.
 */
export const useDraftStore = defineStore('draft', () => {
  const { data } = storeToRefs(useDraftListStore());
  const all = { data };
  const installed = useInstalledStore();
  const catalogue = useDatasetsStore();

  const id = ref<string | null>(null);
  const parent = shallowRef<Draft['parent']>(null);
  const replicates = ref<Draft['replicates']>(1);
  const unreadable = shallowRef<Draft['unreadable']>({});
  const history = shallowRef<History<Edited>>(
    startHistory({ document: FIRST_DOCUMENT, canvas: { places: {}, groups: [] } }),
  );
  const state = ref<'loading' | 'ready' | 'error'>('loading');
  const error = shallowRef<ReturnType<typeof toErrorData> | null>(null);
  const saving = ref<SaveState>('saved');

  const document = computed(() => history.value.present.document);
  const canvas = computed(() => history.value.present.canvas);

  /** Shape and classes that the network must fit; a data set of the catalogue counts before it is downloaded. */
  const dataset = computed<DatasetFacts | null>(() => {
    const name = getIn(document.value, ['dataset', 'name']);
    const here = installed.byName.get(String(name));
    if (here) return { name: here.name, shape: here.shape, classes: here.classes, sound: here.sound };
    const row = catalogue.data.find((one) => one.name === name);
    if (!row) return null;
    return {
      name: row.name,
      shape: row.shape,
      classes: Array.from({ length: row.classes }, (_, i) => `${i}`),
    };
  });
  const verdict = computed(() => judge(document.value, dataset.value, unreadable.value));

  const saver = createSaver({
    save: (draft) => host.call.draft.write({ draft }),
    onState: (next) => (saving.value = next),
  });

  function snapshot(): Draft | null {
    if (id.value === null) return null;
    const { document: now, canvas: drawn } = history.value.present;
    return {
      id: id.value,
      revision: 0,
      document: now,
      canvas: drawn,
      unreadable: unreadable.value,
      parent: parent.value,
      replicates: replicates.value,
    };
  }
  function touched(): void {
    const draft = snapshot();
    if (draft) saver.put(draft);
  }

  function take(draft: Draft): void {
    id.value = draft.id;
    parent.value = draft.parent;
    unreadable.value = draft.unreadable;
    replicates.value = draft.replicates;
    history.value = startHistory({ document: draft.document, canvas: draft.canvas });
    saver.start(draft.revision);
    state.value = 'ready';
    error.value = null;
  }

  /** Opens a draft; what was open is kept first. */
  async function open(which: string): Promise<void> {
    await saver.flush();
    take(await host.call.draft.read({ draft: which }));
  }
  async function reload(): Promise<void> {
    if (id.value !== null) take(await host.call.draft.read({ draft: id.value }));
  }
  /** A new draft, kept at once. */
  async function create(from: JsonObject = FIRST_DOCUMENT, of: Draft['parent'] = null): Promise<void> {
    await saver.flush();
    take(newDraft(from, of));
    touched();
    await saver.flush();
  }
  /** Opens the draft that was changed last, or begins one; once. */
  let begun: Promise<void> | null = null;
  function ensure(): Promise<void> {
    begun ??= begin().catch((failure: unknown) => {
      begun = null;
      error.value = toErrorData(failure);
      state.value = 'error';
    });
    return begun;
  }
  async function begin(): Promise<void> {
    if (id.value !== null) return;
    const [last] = await host.call.draft.list({});
    if (last) await open(last.id);
    else take(newDraft(FIRST_DOCUMENT));
  }
  async function remove(which: string): Promise<void> {
    if (which !== id.value) {
      await host.call.draft.remove({ draft: which });
      return;
    }
    saver.stop();
    await host.call.draft.remove({ draft: which });
    id.value = null;
    begun = null;
    await ensure();
  }

  /**
   * One change of the configuration, of the drawing, or of both.
   *
   * @param title what the undo button calls it, e.g. `Insert Conv2D`
   * @param merge changes with the same key in quick succession are one step
   */
  function edit(title: string, next: Partial<Edited>, merge?: string): void {
    const present = { ...history.value.present, ...next };
    history.value = change(history.value, title, present, { merge: merge ?? null, at: Date.now() });
    touched();
  }
  /** Sets one field of the configuration; `undefined` takes it out, so that its default holds. */
  function set(keys: readonly JsonKey[], value: unknown, title = `Change ${String(keys.at(-1))}`): void {
    edit(title, { document: setIn(document.value, keys, value) }, keys.join('.'));
  }
  /** Text of a JSON editor that is no JSON now, or null once it is again. Kept, but no step of the history. */
  function setUnreadable(path: string, text: string | null): void {
    const { [path]: _, ...others } = unreadable.value;
    unreadable.value = text === null ? others : { ...others, [path]: text };
    touched();
  }

  /** How many runs are started at once; kept, but no step of the history. */
  function setReplicates(next: Draft['replicates'] | undefined): void {
    replicates.value = next ?? '';
    touched();
  }

  function goBack(): void {
    history.value = undo(history.value);
    touched();
  }
  function goForward(): void {
    history.value = redo(history.value);
    touched();
  }

  const stop = host.onState((connection) => {
    if (connection === 'open') void saver.flush();
  });
  const leave = (): void => void saver.flush();
  window.addEventListener('pagehide', leave);
  onScopeDispose(() => {
    stop();
    window.removeEventListener('pagehide', leave);
  });

  return {
    all,
    id,
    parent,
    state,
    error,
    saving,
    document,
    canvas,
    unreadable,
    replicates,
    dataset,
    verdict,
    /** Titles of what undo and redo would take back or do again; null: nothing. */
    undoTitle: computed(() => history.value.past.at(-1)?.title ?? null),
    redoTitle: computed(() => history.value.future.at(-1)?.title ?? null),
    ensure,
    open,
    create,
    remove,
    edit,
    set,
    setUnreadable,
    setReplicates,
    undo: goBack,
    redo: goForward,
    /** Waits until the host has the last change. */
    flush: () => saver.flush(),
    /** Takes what another window kept meanwhile. */
    reload,
    /** Writes over what another window kept meanwhile. */
    overwrite: () => saver.overwrite(),
  };
});
