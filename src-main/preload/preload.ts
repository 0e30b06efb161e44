import { contextBridge, ipcRenderer, webUtils } from 'electron';
import type { Bridge } from '#shared/contract/wire/bridge.ts';
import { CHANNELS } from '../ipc/channels.ts';

/** Hands on what arrives on a channel, without Electron's event object. */
function listen<T>(channel: string, listener: (message: T) => void): () => void {
  const receive = (_event: unknown, message: T): void => listener(message);
  ipcRenderer.on(channel, receive);
  return () => void ipcRenderer.removeListener(channel, receive);
}

/** The one bridge between the window and the processes with rights: a few functions of plain data. */
const bridge: Bridge = {
  send: (request) => ipcRenderer.send(CHANNELS.request, request),
  onReply: (listener) => listen(CHANNELS.reply, listener),
  choosePath: (kind, title) => ipcRenderer.invoke(CHANNELS.choosePath, kind, title) as Promise<string | null>,
  reveal: (path) => ipcRenderer.invoke(CHANNELS.reveal, path) as Promise<void>,
  pathOf: (file) => webUtils.getPathForFile(file),
  setTheme: (theme) => ipcRenderer.send(CHANNELS.theme, theme),
  onCommand: (listener) => listen(CHANNELS.command, listener),
};

contextBridge.exposeInMainWorld('bitsmith', bridge);
