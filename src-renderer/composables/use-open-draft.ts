import { useRouter } from 'vue-router';
import { useAction } from './use-action.ts';

/** Opens a draft, an old or a new one, on the page where its configuration is edited. */
export function useOpenDraft() {
  const router = useRouter();
  return useAction(
    async (id: string | null) => {
      const { useDraftStore } = await import('../stores/draft/index.ts');
      const draft = useDraftStore();
      await (id === null ? draft.create() : draft.open(id));
      await router.push('/new');
    },
    { failed: 'The draft cannot be opened' },
  );
}
