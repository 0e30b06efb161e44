import type { Ref } from 'vue';
import type { RunSummary } from '#shared/run/record.ts';
import { host } from '../client/index.ts';
import type { Control } from '../components/control/run-controls.ts';
import { useToast } from '../components/ui.ts';
import { useRunsStore } from '../stores/runs.ts';
import { useAction } from './use-action.ts';
import { confirmLoss } from './use-confirm.ts';

/** Pauses, resumes, stops a run or has it write a checkpoint; asks first where something ends. */
export function useRunControl(): {
  busy: Ref<boolean>;
  perform(run: RunSummary, control: Control): Promise<void>;
} {
  const runs = useRunsStore();
  const toast = useToast();
  const action = useAction(
    async (run: RunSummary, control: Control) => {
      if (control.id === 'checkpoint') await host.call.run.checkpoint({ run: run.id });
      else runs.put(await host.call.run[control.id]({ run: run.id }));
      toast.add({ title: control.done, icon: control.icon, color: 'neutral' });
    },
    { failed: 'That did not work' },
  );

  async function perform(run: RunSummary, control: Control): Promise<void> {
    if (control.id === 'stop') {
      const yes = await confirmLoss({
        title: `Stop ${run.name}?`,
        text: 'Its last checkpoint is kept, and it can be resumed later.',
        action: 'Stop the run',
      });
      if (!yes) return;
    }
    await action.run(run, control);
  }
  return { busy: action.busy, perform };
}
