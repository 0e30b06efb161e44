import type { Ref } from 'vue';
import { numberText } from '#shared/train/schedule/edit/describe.ts';
import type { Command } from '../../stores/commands.ts';
import type { ScheduleEditor } from './editor.ts';
import { addPhaseAtEnd, addPointAt, withPoint } from './track-edits.ts';
import { trackOf } from './tracks.ts';

/** What the page shows beside the tracks. */
export interface PageParts {
  /** The values as a table, in place of the curves. */
  table: Ref<boolean>;
  /** The plans to start from. */
  presets: Ref<boolean>;
}

/** What can be done with the schedules from anywhere on their page: for the command palette and the list of shortcuts. */
export function scheduleCommands(editor: ScheduleEditor, { table, presets }: PageParts): Command[] {
  const { view, playhead, selection, snap, log } = editor;
  const chosen = selection.value;
  const track = trackOf(chosen.kind === 'schedule' ? chosen.quantity : 'learningRate');
  /** Keys that a part answers while it has the focus. */
  const onPart = (id: string, label: string, keys: string[]): Command => ({
    id: `schedules-key-${id}`,
    label,
    icon: 'i-lucide-keyboard',
    keys,
    hidden: true,
    local: true,
    run: () => undefined,
  });
  return [
    {
      id: 'schedules-zoom-in',
      label: 'Zoom in at the playhead',
      icon: 'i-lucide-zoom-in',
      keys: ['+'],
      disabled: table.value,
      run: () => view.zoom(0.5, playhead.value),
    },
    {
      id: 'schedules-zoom-out',
      label: 'Zoom out',
      icon: 'i-lucide-zoom-out',
      keys: ['-'],
      disabled: table.value || !view.zoomed.value,
      run: () => view.zoom(2, playhead.value),
    },
    {
      id: 'schedules-whole',
      label: 'Show the whole run',
      icon: 'i-lucide-maximize-2',
      keys: ['0'],
      disabled: table.value || !view.zoomed.value,
      run: () => view.fit(),
    },
    {
      id: 'schedules-earlier',
      label: 'Show an earlier part',
      icon: 'i-lucide-chevron-left',
      keys: ['['],
      disabled: table.value || !view.zoomed.value,
      run: () => view.pan(-0.25),
    },
    {
      id: 'schedules-later',
      label: 'Show a later part',
      icon: 'i-lucide-chevron-right',
      keys: [']'],
      disabled: table.value || !view.zoomed.value,
      run: () => view.pan(0.25),
    },
    {
      id: 'schedules-point',
      label: `Add a point to ${track.title.toLowerCase()} at epoch ${numberText(playhead.value)}`,
      icon: 'i-lucide-diamond-plus',
      suffix: 'playhead',
      keys: ['p'],
      disabled: withPoint(editor, track, playhead.value, false) === null,
      run: () => addPointAt(editor, track, playhead.value, false),
    },
    {
      id: 'schedules-phase',
      label: 'Add a phase',
      icon: 'i-lucide-plus',
      keys: ['shift', 'p'],
      disabled: editor.plan.value.pruning?.rounds !== undefined,
      run: () => addPhaseAtEnd(editor),
    },
    {
      id: 'schedules-plans',
      label: 'Choose a plan to start from',
      icon: 'i-lucide-shapes',
      suffix: 'presets, schedules, phases',
      run: () => (presets.value = true),
    },
    {
      id: 'schedules-snap',
      label: snap.value ? 'Turn snapping off' : 'Turn snapping on',
      icon: 'i-lucide-magnet',
      suffix: 'whole epochs, round values',
      keys: ['s'],
      run: () => (snap.value = !snap.value),
    },
    {
      id: 'schedules-log',
      label: log.value ? 'Learning rate on a linear axis' : 'Learning rate on a logarithmic axis',
      icon: 'i-lucide-chart-line',
      suffix: 'log rate',
      keys: ['l'],
      run: () => (log.value = !log.value),
    },
    {
      id: 'schedules-table',
      label: table.value ? 'Show the curves' : 'Show the values as a table',
      icon: table.value ? 'i-lucide-chart-line' : 'i-lucide-table',
      suffix: 'numbers',
      keys: ['t'],
      run: () => (table.value = !table.value),
    },
    onPart('time', 'Move a point, an edge or the playhead in time', ['→']),
    onPart('value', 'Move a point up or down', ['↑']),
    onPart('far', 'Further at once', ['shift', '→']),
    onPart('fine', 'Finer, without snapping; the playhead by one step', ['alt', '→']),
    onPart('ends', 'As early, as late as it can be', ['Home']),
    onPart('delete', 'Remove the point or the phase', ['Delete']),
    onPart('move', 'Move a phase before or after its neighbour', ['alt', '←']),
  ];
}
