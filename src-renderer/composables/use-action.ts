import { ref, type Ref } from 'vue';
import { toErrorData } from '#shared/base/errors.ts';
import { useToast } from '../components/ui.ts';

/** Something a person starts: busy while it runs, its failure shown as a toast with what happened. */
export interface Action<A extends unknown[]> {
  busy: Ref<boolean>;
  /** Resolves to whether it succeeded; never rejects. */
  run(...input: A): Promise<boolean>;
}

export function useAction<A extends unknown[]>(
  work: (...input: A) => Promise<unknown>,
  messages: { failed: string; done?: string },
): Action<A> {
  const busy = ref(false);
  const toast = useToast();
  return {
    busy,
    run: async (...input) => {
      if (busy.value) return false;
      busy.value = true;
      try {
        await work(...input);
        if (messages.done) toast.add({ title: messages.done, color: 'success', icon: 'i-lucide-check' });
        return true;
      } catch (error) {
        const { message } = toErrorData(error);
        toast.add({
          title: messages.failed,
          description: message,
          color: 'error',
          icon: 'i-lucide-circle-alert',
          duration: 12_000,
        });
        return false;
      } finally {
        busy.value = false;
      }
    },
  };
}
