import { describe, expect, it } from 'vitest';
import { commandFor, isSingleKey, keyNames, matches, type KeyPress } from '#renderer/app/shortcuts.ts';
import type { CommandGroup } from '#renderer/stores/commands.ts';

const press = (key: string, held: Partial<KeyPress> = {}): KeyPress => ({
  key,
  ctrlKey: false,
  metaKey: false,
  altKey: false,
  shiftKey: false,
  ...held,
});

describe('keys of a command', () => {
  it.each([
    [['ctrl', 'k'], press('k', { ctrlKey: true }), true],
    [['ctrl', 'k'], press('K', { metaKey: true }), true],
    [['ctrl', 'k'], press('k'), false],
    [['ctrl', 'k'], press('k', { ctrlKey: true, altKey: true }), false],
    [['ctrl', 'k'], press('k', { ctrlKey: true, shiftKey: true }), false],
    [['alt', '1'], press('1', { altKey: true }), true],
    [['alt', '1'], press('2', { altKey: true }), false],
    // On many keyboards "?" is Shift and another key, on others it is not.
    [['?'], press('?', { shiftKey: true }), true],
    [['?'], press('?'), true],
    [['ctrl', 'enter'], press('Enter', { ctrlKey: true }), true],
  ])('%j with %j: %j', (keys, pressed, fits) => {
    expect(matches(keys, pressed)).toBe(fits);
  });

  it('have names as on the keyboard', () => {
    expect(keyNames(['ctrl', 'k'], false)).toEqual(['Ctrl', 'K']);
    expect(keyNames(['ctrl', 'shift', 'enter'], true)).toEqual(['⌘', '⇧', '↩']);
  });
});

describe('the command for a key', () => {
  const command = (id: string, keys: string[], disabled = false) => ({
    id,
    label: id,
    icon: '',
    keys,
    disabled,
    run: () => undefined,
  });
  const groups: CommandGroup[] = [
    { id: 'page', label: 'Page', items: [command('off', ['x'], true), command('of the page', ['x'])] },
    { id: 'frame', label: 'Frame', items: [command('of the frame', ['x']), command('go', ['alt', '1'])] },
  ];
  const find = (key: KeyPress, options = { typing: false, singleKeys: true }) =>
    commandFor(groups, key, options)?.id;

  it('is the first that is not disabled: those of the page come before those of the frame', () => {
    expect(find(press('x'))).toBe('of the page');
  });
  it('is none for a single key while a person types, or where those are turned off', () => {
    expect(isSingleKey(['x'])).toBe(true);
    expect(find(press('x'), { typing: true, singleKeys: true })).toBeUndefined();
    expect(find(press('x'), { typing: false, singleKeys: false })).toBeUndefined();
    expect(find(press('1', { altKey: true }), { typing: true, singleKeys: false })).toBe('go');
  });
});
