import * as path from 'node:path';
import { app, BrowserWindow, nativeTheme, screen } from 'electron';
import { watchHanging } from './crashes.ts';
import { readWindowState, writeWindowState } from './window-state.ts';
import { WINDOW_URL } from './window-url.ts';

/** Canvas colours of the window's two themes, so that opening it does not flash. */
const CANVAS = { light: '#f7f7f8', dark: '#0f1012' };

/** Opens the window: sandboxed, isolated, without Node; at the place where it was last time. */
export function openWindow(): BrowserWindow {
  const stateFile = path.join(app.getPath('userData'), 'window-state.json');
  const state = readWindowState(
    stateFile,
    screen.getAllDisplays().map((display) => display.workArea),
  );
  const window = new BrowserWindow({
    ...(state ? { x: state.x, y: state.y } : {}),
    width: state?.width ?? 1440,
    height: state?.height ?? 900,
    minWidth: 480,
    minHeight: 480,
    show: false,
    title: 'Bitsmith',
    backgroundColor: nativeTheme.shouldUseDarkColors ? CANVAS.dark : CANVAS.light,
    webPreferences: {
      preload: path.join(import.meta.dirname, '../preload/preload.cjs'),
      sandbox: true,
      contextIsolation: true,
      nodeIntegration: false,
      nodeIntegrationInWorker: false,
      nodeIntegrationInSubFrames: false,
      webSecurity: true,
      allowRunningInsecureContent: false,
      experimentalFeatures: false,
      webviewTag: false,
      navigateOnDragDrop: false,
      spellcheck: false,
    },
  });
  if (state?.maximized) window.maximize();
  window.once('ready-to-show', () => window.show());
  window.on('close', () => {
    const bounds = window.getNormalBounds();
    writeWindowState(stateFile, {
      x: Math.round(bounds.x),
      y: Math.round(bounds.y),
      width: Math.round(bounds.width),
      height: Math.round(bounds.height),
      maximized: window.isMaximized(),
    });
  });
  watchHanging(window);
  void window.loadURL(WINDOW_URL);
  return window;
}
