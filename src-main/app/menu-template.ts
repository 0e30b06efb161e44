/** An item of the native menu: a command of the window by its id, or something that Electron does by itself. */
export interface MenuEntry {
  label?: string;
  /** Id of a command of the window's palette. */
  command?: string;
  accelerator?: string;
  role?: string;
  separator?: true;
  submenu?: MenuEntry[];
}

const line: MenuEntry = { separator: true };
const item = (label: string, command: string, accelerator?: string): MenuEntry => ({
  label,
  command,
  ...(accelerator ? { accelerator } : {}),
});

/** The native menu. Shortcuts are shown where a person looks for them. */
export function menuTemplate(isMac: boolean): MenuEntry[] {
  return [
    ...(isMac ? [{ role: 'appMenu' }] : []),
    {
      label: '&File',
      submenu: [
        item('New Draft', 'new-draft', 'CmdOrCtrl+N'),
        item('Train the Demo Network', 'train-demo'),
        item('New Search', 'new-search'),
        line,
        item('Import a Data Set …', 'import-data', 'CmdOrCtrl+O'),
        line,
        { role: isMac ? 'close' : 'quit' },
      ],
    },
    { role: 'editMenu' },
    {
      label: '&Go',
      submenu: [
        item('Home', 'go-home', 'Alt+1'),
        item('Data Sets', 'go-datasets', 'Alt+2'),
        item('New Run', 'go-new-run', 'Alt+3'),
        item('Model', 'go-model', 'Alt+4'),
        item('Schedules', 'go-schedules', 'Alt+5'),
        item('Runs', 'go-runs', 'Alt+6'),
        item('Searches', 'go-searches', 'Alt+7'),
        item('Export', 'go-export', 'Alt+8'),
        item('Devices and Settings', 'go-settings', 'Alt+9'),
        line,
        item('Find and Commands', 'palette', 'CmdOrCtrl+K'),
      ],
    },
    {
      label: '&View',
      submenu: [
        item('Light Theme', 'theme-light'),
        item('Dark Theme', 'theme-dark'),
        item('Theme of the System', 'theme-system'),
        line,
        { role: 'resetZoom' },
        { role: 'zoomIn' },
        { role: 'zoomOut' },
        line,
        { role: 'togglefullscreen' },
        { role: 'toggleDevTools' },
      ],
    },
    { role: 'windowMenu' },
    { role: 'help', submenu: [item('Keyboard Shortcuts', 'shortcuts')] },
  ];
}
