import { BrowserWindow, Menu, type MenuItemConstructorOptions } from 'electron';
import { CHANNELS } from '../ipc/channels.ts';
import { menuTemplate, type MenuEntry } from './menu-template.ts';

/** The native menu; what it does, the window does: by the same commands as in its palette. */
export function setMenu(): void {
  const template = menuTemplate(process.platform === 'darwin').map(optionsOf);
  Menu.setApplicationMenu(Menu.buildFromTemplate(template));
}

function optionsOf({ label, command, accelerator, role, separator, submenu }: MenuEntry) {
  const options: MenuItemConstructorOptions = {
    ...(label ? { label } : {}),
    ...(accelerator ? { accelerator } : {}),
    ...(role ? { role: role as NonNullable<MenuItemConstructorOptions['role']> } : {}),
    ...(separator ? { type: 'separator' } : {}),
    ...(command ? { click: () => send(command) } : {}),
    ...(submenu ? { submenu: submenu.map(optionsOf) } : {}),
  };
  return options;
}

function send(command: string): void {
  const window = BrowserWindow.getFocusedWindow() ?? BrowserWindow.getAllWindows()[0];
  window?.webContents.send(CHANNELS.command, command);
}
