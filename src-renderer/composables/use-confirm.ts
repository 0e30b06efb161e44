import { shallowRef } from 'vue';

export interface ConfirmRequest {
  title: string;
  /** What will be lost, in plain words. */
  text: string;
  /** Words of the button that goes on, e.g. `Delete 3 runs`. */
  action: string;
  danger?: boolean;
}

/** The question that the one dialog in the frame shows now. */
export const openConfirm = shallowRef<(ConfirmRequest & { answer(yes: boolean): void }) | null>(null);

/** Asks before something is lost. Resolves to whether the person goes on. */
export function confirmLoss(request: ConfirmRequest): Promise<boolean> {
  openConfirm.value?.answer(false);
  return new Promise((resolve) => {
    openConfirm.value = {
      ...request,
      answer: (yes) => {
        openConfirm.value = null;
        resolve(yes);
      },
    };
  });
}
