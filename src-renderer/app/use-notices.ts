import { watch } from 'vue';
import { useRouter } from 'vue-router';
import type { RunSummary } from '#shared/run/record.ts';
import { isLive } from '#shared/run/status.ts';
import { shell } from '../client/index.ts';
import { percent } from '../components/base/format.ts';
import { STATUS_LOOKS } from '../components/base/status-look.ts';
import { useToast } from '../components/ui.ts';
import { useRunsStore } from '../stores/runs.ts';
import { useSettingsStore } from '../stores/settings.ts';

/**
 * Says when a run ends: as a toast where the window is in front, else as a notification of the desktop. In Electron the
 * shell notifies; in a browser the page does, where the person has allowed it. The window's title counts what is left.
 */
export function useNotices(): void {
  const runs = useRunsStore();
  const settings = useSettingsStore();
  const router = useRouter();
  const toast = useToast();
  /** Runs that were seen at work; only their ends are news. */
  const working = new Set<string>();

  watch(
    () => runs.data,
    (list) => {
      for (const run of list) {
        if (isLive(run.status)) working.add(run.id);
        else if (working.delete(run.id)) ended(run);
      }
    },
    { immediate: true },
  );

  watch(
    () => runs.live.map(progressOf),
    (shares) => {
      const mean = shares.reduce((sum, share) => sum + share, 0) / Math.max(1, shares.length);
      document.title = shares.length > 0 ? `${Math.floor(mean * 100)} % · Bitsmith` : 'Bitsmith';
    },
    { immediate: true },
  );

  function ended(run: RunSummary): void {
    const look = STATUS_LOOKS[run.status];
    const title = `${run.name}: ${look.label.toLowerCase()}`;
    const text =
      run.accuracy === null ? (run.reason ?? '') : `${percent(run.accuracy)} of the test samples are right`;
    const go = (): void => void router.push(`/runs/${run.id}`);
    if (document.hasFocus()) {
      if (router.currentRoute.value.path === `/runs/${run.id}`) return;
      const actions = [
        { label: 'Show', color: 'neutral' as const, variant: 'outline' as const, onClick: go },
      ];
      toast.add({ title, description: text, icon: look.icon, color: 'neutral', actions });
      return;
    }
    if (shell || !settings.data?.notifications || !('Notification' in window)) return;
    if (Notification.permission !== 'granted') return;
    const notification = new Notification(title, { body: text, tag: run.id });
    notification.onclick = () => {
      window.focus();
      go();
    };
  }
}

function progressOf(run: RunSummary): number {
  return run.stepsTotal > 0 ? run.stepsDone / run.stepsTotal : 0;
}
