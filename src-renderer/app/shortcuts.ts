import type { Command, CommandGroup } from '../stores/commands.ts';

/** What of a keyboard event matters here. */
export interface KeyPress {
  key: string;
  ctrlKey: boolean;
  metaKey: boolean;
  altKey: boolean;
  shiftKey: boolean;
}

const MODIFIERS = ['ctrl', 'alt', 'shift'];

/** Whether a command's keys are the ones that were pressed. Ctrl and the Mac's Command key count as one. */
export function matches(keys: readonly string[], press: KeyPress): boolean {
  const letter = keys.find((key) => !MODIFIERS.includes(key));
  if (letter === undefined || letter.toLowerCase() !== press.key.toLowerCase()) return false;
  if (keys.includes('ctrl') !== (press.ctrlKey || press.metaKey) || keys.includes('alt') !== press.altKey) {
    return false;
  }
  // A sign such as "?" needs Shift on some keyboards and not on others.
  const isSign = letter.length === 1 && !/[a-z0-9]/i.test(letter);
  return isSign || keys.includes('shift') === press.shiftKey;
}

/** A key alone would be typed into a field, and can be turned off (WCAG 2.1.4). */
export function isSingleKey(keys: readonly string[]): boolean {
  return !keys.includes('ctrl') && !keys.includes('alt');
}

export function commandFor(
  groups: readonly CommandGroup[],
  press: KeyPress,
  options: { typing: boolean; singleKeys: boolean },
): Command | undefined {
  return groups
    .flatMap(({ items }) => items)
    .find((command) => {
      if (command.disabled || command.local || !command.keys || !matches(command.keys, press)) return false;
      return !isSingleKey(command.keys) || (options.singleKeys && !options.typing);
    });
}

/** The names of keys as they stand on them. */
export function keyNames(keys: readonly string[], isMac: boolean): string[] {
  const names: Record<string, string> = isMac
    ? { ctrl: '⌘', alt: '⌥', shift: '⇧', enter: '↩' }
    : { ctrl: 'Ctrl', alt: 'Alt', shift: 'Shift', enter: 'Enter' };
  return keys.map((key) => names[key] ?? (key.length === 1 ? key.toUpperCase() : key));
}
