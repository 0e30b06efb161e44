import { describe, expect, it } from 'vitest';
import { menuTemplate, type MenuEntry } from '#main/app/menu-template.ts';
import { frameCommands } from '#renderer/app/commands.ts';
import type { Router } from 'vue-router';

const nothing = () => undefined;
const commands = frameCommands({
  router: { push: nothing } as unknown as Router,
  runs: [],
  searches: [],
  drafts: [],
  actions: {
    trainDemo: nothing,
    setTheme: nothing,
    openPalette: nothing,
    openShortcuts: nothing,
    newDraft: nothing,
    openDraft: nothing,
    control: nothing,
  },
}).flatMap(({ items }) => items);

const entries = (menu: readonly MenuEntry[]): MenuEntry[] =>
  menu.flatMap((entry) => [entry, ...entries(entry.submenu ?? [])]);

describe.each([false, true])('the native menu (on a Mac: %s)', (isMac) => {
  const named = entries(menuTemplate(isMac)).filter(({ command }) => command !== undefined);

  it('names commands that the window has, and every page of the navigation', () => {
    const ids = commands.map(({ id }) => id);
    for (const { command } of named) expect(ids).toContain(command);
    const pages = ids.filter((id) => id.startsWith('go-'));
    expect(named.map(({ command }) => command)).toEqual(expect.arrayContaining(pages));
  });

  it('shows the keys that the window listens for', () => {
    for (const { command, accelerator } of named) {
      const keys = commands.find(({ id }) => id === command)?.keys;
      if (!accelerator || !keys) continue;
      const shown = accelerator.toLowerCase().replace('cmdorctrl', 'ctrl').split('+');
      expect(shown, command).toEqual([...keys]);
    }
  });

  it('gives no keys to two items', () => {
    const keys = named.flatMap(({ accelerator }) => accelerator ?? []);
    expect(new Set(keys).size).toBe(keys.length);
  });
});
