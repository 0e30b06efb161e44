import { app, BrowserWindow, dialog, session } from 'electron';
import { messageOf } from '#shared/base/errors.ts';
import { isLive } from '#shared/run/status.ts';
import { createHost, type Host } from '../host.ts';
import { applicationFolder, trainingEntry } from '../platform/application.ts';
import { silentLog } from '../platform/log.ts';
import { windowFolder } from '../serve/index.ts';
import { watchRuns } from './attention.ts';
import { watchCrashes } from './crashes.ts';
import { setMenu } from './menu.ts';
import { denyPermissions, guardEverything } from './security.ts';
import { registerWindowScheme, serveWindow } from './serve-window.ts';
import { utilityFork } from './utility-fork.ts';
import { openWindow } from './window.ts';
import { connectWindows } from './wire.ts';

/*
 * The start of the desktop application, in order. What must happen before Electron is ready comes first; no work is
 * done here: the host does it, this file only opens the door to it.
 */
let host: Host | undefined;
let disconnect: (() => void) | undefined;
let stopWatching: (() => void) | undefined;
let leaving = false;

if (!app.requestSingleInstanceLock()) {
  app.quit();
} else {
  app.setName('Bitsmith');
  guardEverything();
  registerWindowScheme();
  app.on('second-instance', focusWindow);
  app.on('activate', () => BrowserWindow.getAllWindows().length === 0 && host && openWindow());
  app.on('window-all-closed', () => app.quit());
  app.on('before-quit', leave);
  app.whenReady().then(start).catch(fail);
}

async function start(): Promise<void> {
  const folder = app.commandLine.getSwitchValue('data-dir');
  host = await createHost({
    shell: 'electron',
    fork: utilityFork(trainingEntry(), () => host?.log ?? silentLog),
    ...(folder ? { dataFolder: folder } : {}),
  });
  denyPermissions(session.defaultSession);
  serveWindow(session.defaultSession, windowFolder());
  disconnect = connectWindows(host, host.folder.root);
  setMenu();
  watchCrashes(host.log);
  stopWatching = watchRuns(host);
  openWindow();
}

function focusWindow(): void {
  const window = BrowserWindow.getAllWindows()[0];
  if (!window) return;
  if (window.isMinimized()) window.restore();
  window.focus();
}

/** Runs that train write a checkpoint and pause before the application ends; so a person is asked first. */
function leave(event: { preventDefault(): void }): void {
  if (!host || leaving) return;
  event.preventDefault();
  void (async () => {
    if (!(await mayLeave())) {
      if (BrowserWindow.getAllWindows().length === 0) openWindow();
      return;
    }
    leaving = true;
    stopWatching?.();
    disconnect?.();
    await host.dispose();
    app.quit();
  })().catch(fail);
}

async function mayLeave(): Promise<boolean> {
  const runs = (await host?.services.run.list({})) ?? [];
  const live = runs.filter((run) => isLive(run.status)).length;
  if (live === 0) return true;
  const { response } = await dialog.showMessageBox({
    type: 'question',
    message: live === 1 ? 'A run is still training.' : `${live} runs are still training.`,
    detail: 'They write a checkpoint and pause. They can be resumed the next time.',
    buttons: ['Pause and Quit', 'Cancel'],
    defaultId: 0,
    cancelId: 1,
  });
  return response === 0;
}

function fail(error: unknown): void {
  dialog.showErrorBox('Bitsmith cannot start', `${messageOf(error)}\n\nProgram: ${applicationFolder()}`);
  app.exit(2);
}
