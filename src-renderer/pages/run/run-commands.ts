import type { Control, ControlId } from '../../components/control/run-controls.ts';
import type { Command } from '../../stores/commands.ts';

/** Pausing and resuming share a key, since only one of them can be done at a time. */
const KEYS: Record<ControlId, readonly string[]> = {
  pause: ['ctrl', 'shift', 'p'],
  resume: ['ctrl', 'shift', 'p'],
  checkpoint: ['ctrl', 'shift', 's'],
  stop: ['ctrl', 'shift', 'x'],
};

/** What the page of a run can do, for the palette and the keys. */
export function runCommands(options: {
  controls: readonly Control[];
  tabs: readonly { label: string; value: string; icon: string }[];
  perform(control: Control): void;
  fork(): void;
  show(tab: string): void;
}): Command[] {
  const { controls, tabs, perform, fork, show } = options;
  return [
    ...controls.map((control) => ({
      id: `run-${control.id}`,
      label: `${control.label}: this run`,
      icon: control.icon,
      keys: KEYS[control.id],
      run: () => perform(control),
    })),
    {
      id: 'run-fork',
      label: 'Fork this run with an edited configuration',
      icon: 'i-lucide-git-fork',
      keys: ['ctrl', 'shift', 'f'],
      run: fork,
    },
    ...tabs.map(({ label, value, icon }) => ({
      id: `run-tab-${value}`,
      label: `Show: ${label}`,
      icon,
      run: () => show(value),
    })),
  ];
}
