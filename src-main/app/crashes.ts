import { app, dialog, type BrowserWindow } from 'electron';
import type { Log } from '../platform/log.ts';

/** Processes of the application that end by themselves: written down, and the window comes back. */
export function watchCrashes(log: Log): void {
  app.on('child-process-gone', (_event, { type, reason, exitCode, name }) => {
    if (reason === 'clean-exit') return;
    log.write('error', 'electron', `the ${name ?? type} process ended: ${reason} (${exitCode})`);
  });
  app.on('render-process-gone', (_event, contents, { reason, exitCode }) => {
    if (reason === 'clean-exit') return;
    log.write('error', 'electron', `the window ended: ${reason} (${exitCode})`);
    // Nothing is lost with a window: runs belong to the host, and edits are kept by it.
    if (!contents.isDestroyed()) contents.reload();
  });
}

/** A window that no longer answers: a person decides whether to wait. */
export function watchHanging(window: BrowserWindow): void {
  window.on('unresponsive', () => {
    void dialog
      .showMessageBox(window, {
        type: 'warning',
        message: 'The window does not answer.',
        detail: 'Training goes on in any case. Edits are kept.',
        buttons: ['Wait', 'Load the Window Again'],
        defaultId: 0,
        cancelId: 0,
      })
      .then(({ response }) => {
        if (response === 1 && !window.isDestroyed()) window.webContents.reload();
      });
  });
}
