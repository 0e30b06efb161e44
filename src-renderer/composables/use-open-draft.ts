import { useRouter } from 'vue-router';
import { useDraftStore } from '../stores/draft/index.ts';
import { useAction } from './use-action.ts';

/** Opens a draft, an old or a new one, on the page where its configuration is edited. */
export function useOpenDraft() {
  const router = useRouter();
  const draft = useDraftStore();
  return useAction(
    async (id: string | null) => {
      await (id === null ? draft.create() : draft.open(id));
      await router.push('/new');
    },
    { failed: 'The draft cannot be opened' },
  );
}
