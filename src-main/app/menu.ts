import { BrowserWindow, Menu, type MenuItemConstructorOptions } from 'electron';
import { CHANNELS } from '../ipc/channels.ts';

/** A menu item that the window carries out: the same command as in its palette. */
function command(label: string, id: string, accelerator?: string): MenuItemConstructorOptions {
  return {
    label,
    ...(accelerator ? { accelerator } : {}),
    click: () => {
      const window = BrowserWindow.getFocusedWindow() ?? BrowserWindow.getAllWindows()[0];
      window?.webContents.send(CHANNELS.command, id);
    },
  };
}

/** The native menu. Shortcuts are shown where a person looks for them. */
export function setMenu(): void {
  const isMac = process.platform === 'darwin';
  const template: MenuItemConstructorOptions[] = [
    ...(isMac ? [{ role: 'appMenu' as const }] : []),
    {
      label: '&File',
      submenu: [
        command('Train the Demo Network', 'train-demo'),
        { type: 'separator' },
        isMac ? { role: 'close' } : { role: 'quit' },
      ],
    },
    { role: 'editMenu' },
    {
      label: '&Go',
      submenu: [
        command('Home', 'go-home', 'Alt+1'),
        command('Data Sets', 'go-datasets', 'Alt+2'),
        command('Runs', 'go-runs', 'Alt+3'),
        command('Searches', 'go-searches', 'Alt+4'),
        command('Export', 'go-export', 'Alt+5'),
        { type: 'separator' },
        command('Search and Commands', 'palette', 'CmdOrCtrl+K'),
      ],
    },
    {
      label: '&View',
      submenu: [
        command('Light Theme', 'theme-light'),
        command('Dark Theme', 'theme-dark'),
        command('Theme of the System', 'theme-system'),
        { type: 'separator' },
        { role: 'resetZoom' },
        { role: 'zoomIn' },
        { role: 'zoomOut' },
        { type: 'separator' },
        { role: 'togglefullscreen' },
        { role: 'toggleDevTools' },
      ],
    },
    { role: 'windowMenu' },
  ];
  Menu.setApplicationMenu(Menu.buildFromTemplate(template));
}
