import type { Command } from '../../stores/commands.ts';
import type { Builder } from './use-builder.ts';

/** What can be done with the model from anywhere on its page: for the command palette and the list of shortcuts. */
export function modelCommands(builder: Builder): Command[] {
  const { model, edits, question } = builder;
  const none = model.selection.value.length === 0;
  const one = model.selection.value.at(-1) ?? '';
  const nothing = () => undefined;
  /** Keys that the graph answers while the focus is on a box. */
  const onBox = (id: string, label: string, keys: string[]): Command => ({
    id: `model-key-${id}`,
    label,
    icon: 'i-lucide-keyboard',
    keys,
    hidden: true,
    local: true,
    run: nothing,
  });
  return [
    {
      id: 'model-presets',
      label: 'Choose a preset',
      icon: 'i-lucide-library',
      run: () => (question.value = { ask: 'presets' }),
    },
    {
      id: 'model-find',
      label: 'Find a layer',
      icon: 'i-lucide-search',
      keys: ['ctrl', 'f'],
      run: () => (question.value = { ask: 'find' }),
    },
    {
      id: 'model-insert',
      label: none ? 'Insert a layer at the end' : `Insert a layer after ${one}`,
      icon: 'i-lucide-plus',
      run: () =>
        (question.value = {
          ask: 'insert',
          where: 'after',
          layer: none ? (model.spec.value?.layers.at(-1)?.id ?? 'input') : one,
        }),
    },
    {
      id: 'model-connect',
      label: `Connect ${one} to a layer`,
      icon: 'i-lucide-spline',
      disabled: none,
      run: () => (question.value = { ask: 'connect', from: one }),
    },
    {
      id: 'model-duplicate',
      label: 'Duplicate the selected layers',
      icon: 'i-lucide-copy-plus',
      keys: ['ctrl', 'd'],
      disabled: none,
      run: () => edits.duplicate(),
    },
    {
      id: 'model-group',
      label: 'Group the selected layers',
      icon: 'i-lucide-group',
      keys: ['ctrl', 'g'],
      disabled: none,
      run: () => edits.group(),
    },
    {
      id: 'model-residual',
      label: 'Wrap the selected layers in a residual branch',
      icon: 'i-lucide-git-merge',
      disabled: none,
      run: () => edits.residual(),
    },
    {
      id: 'model-down',
      label: 'Lay the graph out top to bottom',
      icon: 'i-lucide-arrow-down-from-line',
      run: () => edits.arrange('down'),
    },
    {
      id: 'model-right',
      label: 'Lay the graph out left to right',
      icon: 'i-lucide-arrow-right-from-line',
      run: () => edits.arrange('right'),
    },
    onBox('walk', 'Go along the connections, and to what stands beside', ['↑', '↓', '←', '→']),
    onBox('extend', 'Select on the way', ['shift', '↓']),
    onBox('select', 'Select the box', ['Space']),
    onBox('inspect', 'Open the inspector; expand a group', ['enter']),
    onBox('insert', 'Insert a layer after the box', ['Insert']),
    onBox('move', 'Move the layer before or after its neighbour', ['alt', '↑']),
    onBox('aside', 'Move the box aside', ['alt', '→']),
    onBox('delete', 'Delete the selected layers', ['Delete']),
    onBox('copy', 'Copy, cut, paste after', ['ctrl', 'c']),
    onBox('all', 'Select all layers', ['ctrl', 'a']),
    onBox('menu', 'Everything that can be done with the box', ['shift', 'F10']),
    onBox('ends', 'Go to the input, to the output', ['Home']),
  ];
}
