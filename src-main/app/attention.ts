import { BrowserWindow, Notification, powerSaveBlocker } from 'electron';
import type { RunSummary } from '#shared/run/record.ts';
import type { Host } from '../host.ts';
import { attentionOf } from './attention-of.ts';

/**
 * Keeps the machine awake and the taskbar informed while something trains, and tells of the end of a run where the window
 * is not in front. Returns what ends it.
 */
export function watchRuns(host: Host): () => void {
  const working = new Set<string>();
  let blocker: number | null = null;
  let timer: ReturnType<typeof setTimeout> | undefined;

  async function look(): Promise<void> {
    const [runs, settings] = await Promise.all([host.services.run.list({}), host.services.setting.read({})]);
    const { ended, progress } = attentionOf(runs, working);
    keepAwake(progress !== null && settings.keepAwake !== false);
    for (const window of BrowserWindow.getAllWindows()) window.setProgressBar(progress ?? -1);
    if (settings.notifications !== false) ended.forEach(tell);
  }

  function keepAwake(wanted: boolean): void {
    if (wanted) blocker ??= powerSaveBlocker.start('prevent-app-suspension');
    else if (blocker !== null) {
      powerSaveBlocker.stop(blocker);
      blocker = null;
    }
  }

  // Steps come many times a second; once a second is enough for a bar.
  function soon(): void {
    timer ??= setTimeout(() => {
      timer = undefined;
      look().catch((error: unknown) => host.log.write('error', 'attention', String(error)));
    }, 1000);
  }
  soon();
  const unsubscribe = host.subscribe((topic) => {
    if (topic === 'runs-changed' || topic === 'metrics' || topic === 'settings-changed') soon();
  });
  return () => {
    unsubscribe();
    clearTimeout(timer);
    keepAwake(false);
  };
}

function tell(run: RunSummary): void {
  if (BrowserWindow.getFocusedWindow() || !Notification.isSupported()) return;
  const body =
    run.accuracy === null
      ? (run.reason ?? '')
      : `${(run.accuracy * 100).toFixed(2)} % of the test samples are right`;
  const notification = new Notification({ title: `${run.name}: ${run.status}`, body });
  notification.on('click', () => BrowserWindow.getAllWindows()[0]?.focus());
  notification.show();
}
