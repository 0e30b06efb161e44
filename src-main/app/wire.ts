import {
  BrowserWindow,
  dialog,
  ipcMain,
  nativeTheme,
  shell,
  type IpcMainEvent,
  type IpcMainInvokeEvent,
  type OpenDialogOptions,
} from 'electron';
import { BitsmithError } from '#shared/base/errors.ts';
import { contract } from '#shared/contract/index.ts';
import { bindServices } from '../ipc/bind-services.ts';
import { CHANNELS } from '../ipc/channels.ts';
import type { Host } from '../ipc/host-types.ts';
import { encodePush } from '../ipc/push.ts';
import { revealGuard } from './reveal-guard.ts';
import { isWindowUrl } from './window-url.ts';

/** Ties the windows to the host. Messages of any other sender are not answered. Returns what unties them. */
export function connectWindows(host: Host, dataFolder: string): () => void {
  const handle = bindServices(contract, host.services);
  const guard = revealGuard(dataFolder);

  ipcMain.on(CHANNELS.request, (event, request: unknown) => {
    if (!isOurs(event)) return;
    const { sender } = event;
    void handle(request).then((reply) => {
      if (!sender.isDestroyed()) sender.send(CHANNELS.reply, reply);
    });
  });
  ipcMain.on(CHANNELS.theme, (event, theme: unknown) => {
    if (!isOurs(event)) return;
    if (theme === 'light' || theme === 'dark' || theme === 'system') nativeTheme.themeSource = theme;
  });
  ipcMain.handle(CHANNELS.choosePath, async (event, kind: unknown, title: unknown) => {
    refuseOthers(event);
    if (kind !== 'file' && kind !== 'folder') {
      throw new BitsmithError('invalid-input', 'a file or a folder can be chosen');
    }
    const window = BrowserWindow.fromWebContents(event.sender);
    // Linux and Windows have no dialog that takes both.
    const options: OpenDialogOptions = {
      title: typeof title === 'string' ? title.slice(0, 200) : `Choose a ${kind}`,
      properties: kind === 'file' ? ['openFile'] : ['openDirectory', 'createDirectory'],
    };
    const choice = await (window ? dialog.showOpenDialog(window, options) : dialog.showOpenDialog(options));
    const chosen = choice.canceled ? undefined : choice.filePaths[0];
    if (chosen) guard.allow(chosen);
    return chosen ?? null;
  });
  ipcMain.handle(CHANNELS.reveal, (event, file: unknown) => {
    refuseOthers(event);
    if (typeof file !== 'string' || !guard.mayReveal(file)) {
      throw new BitsmithError('invalid-input', 'only the data folder and chosen folders can be shown');
    }
    shell.showItemInFolder(file);
  });

  const unsubscribe = host.subscribe((topic, payload) => {
    const push = encodePush(topic, payload);
    for (const window of BrowserWindow.getAllWindows()) {
      if (!window.isDestroyed()) window.webContents.send(CHANNELS.reply, push);
    }
  });
  return () => {
    unsubscribe();
    ipcMain.removeAllListeners(CHANNELS.request);
    ipcMain.removeAllListeners(CHANNELS.theme);
    ipcMain.removeHandler(CHANNELS.choosePath);
    ipcMain.removeHandler(CHANNELS.reveal);
  };
}

/** Sent by the top frame of one of our windows, showing our own page. */
function isOurs(event: IpcMainEvent | IpcMainInvokeEvent): boolean {
  const frame = event.senderFrame;
  return frame !== null && frame.parent === null && isWindowUrl(frame.url);
}

function refuseOthers(event: IpcMainInvokeEvent): void {
  if (!isOurs(event)) throw new BitsmithError('invalid-input', 'this page may not call Bitsmith');
}
