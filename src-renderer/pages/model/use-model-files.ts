import { inject, provide, ref, shallowRef, type InjectionKey } from 'vue';
import { fileName, saveFile } from '../../components/chart/save-file.ts';
import { sendModel } from '../../composables/model-transfer.ts';
import { useAction } from '../../composables/use-action.ts';
import { useSaveModel } from '../../composables/use-save-model.ts';
import { useDraftStore } from '../../stores/draft/index.ts';
import type { Command } from '../../stores/commands.ts';
import { readNetworkText } from './inspector/read-network-file.ts';
import type { Model } from './use-model.ts';

/** The network from a file and to one. Called by the page, once. */
export function provideModelFiles(model: Model) {
  const draft = useDraftStore();
  const save = useSaveModel();
  /** What of the file that was imported last is not kept. */
  const imported = shallowRef<{ name: string; notes: readonly string[] } | null>(null);

  const read = useAction(
    async (file: File) => {
      const { spec, notes } = await networkOf(file);
      // Places belong to the layers that were there before.
      const { direction } = model.canvas.value;
      const canvas = { places: {}, groups: [], ...(direction ? { direction } : {}) };
      model.edit(`Import ${file.name}`, { spec, canvas });
      draft.setUnreadable('model', null);
      model.announce(`Imported ${file.name}.`);
      imported.value = notes.length > 0 ? { name: file.name, notes } : null;
    },
    { failed: 'The network was not imported' },
  );

  const files = {
    read,
    save,
    imported,
    /** Set by the toolbar: asks for a file. */
    choose: ref((): void => undefined),
    async saveQonnx(): Promise<void> {
      const { quantization, seed } = draft.document;
      const first = typeof seed === 'number' ? { seed } : {};
      await save.run({ kind: 'draft', model: model.spec.value, quantization, ...first }, 'qonnx');
    },
    saveJson(): void {
      const { spec } = model;
      const name = fileName(String(spec.value?.name ?? 'network'), 'json');
      saveFile(name, `${JSON.stringify(spec.value, null, 2)}\n`, 'application/json');
    },
  };
  provide(FILES, files);
  return files;
}

/** JSON is read here, where a network may still be half built; anything else is the host's to read. */
async function networkOf(file: File): Promise<{ spec: object; notes: readonly string[] }> {
  if (!/\.json$/i.test(file.name)) return sendModel(file);
  return { spec: readNetworkText(file.name, await file.text()), notes: [] };
}

export type ModelFiles = ReturnType<typeof provideModelFiles>;
const FILES: InjectionKey<ModelFiles> = Symbol('model files');

export function useModelFiles(): ModelFiles {
  const files = inject(FILES);
  if (!files) throw new Error('useModelFiles is used outside of the model page');
  return files;
}

/** For the command palette. */
export function fileCommands(files: ModelFiles, model: Model): Command[] {
  const none = model.spec.value === null;
  return [
    {
      id: 'model-import',
      label: 'Import a network: QONNX, ONNX or JSON',
      icon: 'i-lucide-file-up',
      run: () => files.choose.value(),
    },
    {
      id: 'model-export-qonnx',
      label: 'Export the network as QONNX',
      icon: 'i-lucide-file-down',
      disabled: none,
      run: () => files.saveQonnx(),
    },
    {
      id: 'model-export-json',
      label: 'Export the network as JSON',
      icon: 'i-lucide-braces',
      disabled: none,
      run: () => files.saveJson(),
    },
  ];
}
