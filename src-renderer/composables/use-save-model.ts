import { saveFile } from '../components/chart/save-file.ts';
import { useToast } from '../components/ui.ts';
import { fetchModel } from './model-transfer.ts';
import { useAction } from './use-action.ts';

/** Writes a network as a file and says what a reader of it should know. */
export function useSaveModel() {
  const toast = useToast();
  return useAction(
    async (...[source, format]: Parameters<typeof fetchModel>) => {
      const { name, content, notes } = await fetchModel(source, format);
      saveFile(name, content, format === 'json' ? 'application/json' : 'application/octet-stream');
      toast.add({
        title: `Wrote ${name}`,
        description: notes.join(' '),
        color: 'success',
        icon: 'i-lucide-file-check',
        duration: 12_000,
      });
    },
    { failed: 'The network was not written' },
  );
}
