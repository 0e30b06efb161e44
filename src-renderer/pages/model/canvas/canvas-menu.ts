import type { EdgePlace } from '#shared/model/edit/insert.ts';
import { linksOf } from '#shared/model/edit/links.ts';
import { INPUT } from '#shared/model/infer-layer.ts';
import type { Builder } from '../use-builder.ts';
import { ask } from './canvas-keys.ts';

export interface MenuItem {
  label: string;
  icon: string;
  kbds?: string[];
  color?: 'error';
  disabled?: boolean;
  onSelect: () => void;
}

/** What can be done with a box, a line or the empty canvas. */
export function menuFor(
  builder: Builder,
  at: { layer?: string | undefined; edge?: EdgePlace | undefined },
): MenuItem[][] {
  if (at.edge) return edgeMenu(builder, at.edge);
  const layer = builder.model.spec.value?.layers.find(({ id }) => id === at.layer);
  return layer ? layerMenu(builder, layer.id) : canvasMenu(builder, at.layer);
}

function edgeMenu({ edits, question }: Builder, edge: EdgePlace): MenuItem[][] {
  return [
    [
      {
        label: 'Insert a layer here …',
        icon: 'i-lucide-plus',
        onSelect: () => (question.value = { ask: 'insert', where: 'edge', edge }),
      },
      {
        label: 'Disconnect',
        icon: 'i-lucide-unlink',
        color: 'error',
        onSelect: () => edits.disconnect(edge),
      },
    ],
  ];
}

function layerMenu(builder: Builder, id: string): MenuItem[][] {
  const { edits, model, question } = builder;
  const many = model.selection.value.length > 1;
  const inputs =
    linksOf(model.spec.value ?? { layers: [] }).find(({ layer }) => layer.id === id)?.inputs ?? [];
  const group = model.canvas.value.groups.find(({ layers }) => layers.includes(id));
  return [
    [
      {
        label: 'Open in the inspector',
        icon: 'i-lucide-panel-right',
        kbds: ['enter'],
        onSelect: () => builder.inspect.open(),
      },
      {
        label: 'Insert after …',
        icon: 'i-lucide-between-vertical-end',
        kbds: ['insert'],
        onSelect: () => ask(builder, id),
      },
      {
        label: 'Insert before …',
        icon: 'i-lucide-between-vertical-start',
        onSelect: () => (question.value = { ask: 'insert', where: 'before', layer: id }),
      },
      {
        label: 'Replace by …',
        icon: 'i-lucide-replace',
        disabled: many,
        onSelect: () => (question.value = { ask: 'replace', layer: id }),
      },
    ],
    [
      {
        label: 'Connect to …',
        icon: 'i-lucide-spline',
        disabled: many,
        onSelect: () => (question.value = { ask: 'connect', from: id }),
      },
      ...inputs.map((name, index) => ({
        label: `Disconnect from ${name}`,
        icon: 'i-lucide-unlink',
        onSelect: () => edits.disconnect({ target: id, index }),
      })),
    ],
    [
      {
        label: 'Move up',
        icon: 'i-lucide-arrow-up',
        kbds: ['alt', '↑'],
        disabled: many,
        onSelect: () => edits.move(id, -1),
      },
      {
        label: 'Move down',
        icon: 'i-lucide-arrow-down',
        kbds: ['alt', '↓'],
        disabled: many,
        onSelect: () => edits.move(id, 1),
      },
      { label: 'Wrap in a residual branch', icon: 'i-lucide-git-merge', onSelect: () => edits.residual() },
    ],
    [
      {
        label: 'Duplicate',
        icon: 'i-lucide-copy-plus',
        kbds: ['ctrl', 'd'],
        onSelect: () => edits.duplicate(),
      },
      { label: 'Copy', icon: 'i-lucide-copy', kbds: ['ctrl', 'c'], onSelect: () => void edits.copy() },
      { label: 'Cut', icon: 'i-lucide-scissors', kbds: ['ctrl', 'x'], onSelect: () => void edits.cut() },
      {
        label: 'Paste after',
        icon: 'i-lucide-clipboard-paste',
        kbds: ['ctrl', 'v'],
        onSelect: () => void edits.paste(),
      },
      { label: 'Group', icon: 'i-lucide-group', kbds: ['ctrl', 'g'], onSelect: () => edits.group() },
      ...(group
        ? [
            {
              label: `Ungroup ${group.title}`,
              icon: 'i-lucide-ungroup',
              onSelect: () => edits.ungroup(group.id),
            },
          ]
        : []),
    ],
    [
      {
        label: 'Delete',
        icon: 'i-lucide-trash-2',
        kbds: ['delete'],
        color: 'error',
        onSelect: () => edits.remove(),
      },
    ],
  ];
}

function canvasMenu(builder: Builder, at: string | undefined): MenuItem[][] {
  const { edits, question } = builder;
  const folded = builder.model.canvas.value.groups.find(({ id }) => `:group:${id}` === at);
  return [
    folded
      ? [
          {
            label: 'Expand',
            icon: 'i-lucide-unfold-vertical',
            kbds: ['enter'],
            onSelect: () => edits.fold(folded.id, false),
          },
          { label: 'Ungroup', icon: 'i-lucide-ungroup', onSelect: () => edits.ungroup(folded.id) },
        ]
      : [
          {
            label: at === INPUT ? 'Insert after the input …' : 'Add a layer at the end …',
            icon: 'i-lucide-plus',
            onSelect: () => ask(builder, at === INPUT ? INPUT : ':output'),
          },
          ...(at === INPUT
            ? [
                {
                  label: 'Connect to …',
                  icon: 'i-lucide-spline',
                  onSelect: () => (question.value = { ask: 'connect', from: INPUT }),
                },
              ]
            : []),
        ],
    [
      { label: 'Paste', icon: 'i-lucide-clipboard-paste', onSelect: () => void edits.paste() },
      {
        label: 'Find a layer …',
        icon: 'i-lucide-search',
        kbds: ['ctrl', 'f'],
        onSelect: () => (question.value = { ask: 'find' }),
      },
    ],
    [
      {
        label: 'Lay out top to bottom',
        icon: 'i-lucide-arrow-down-from-line',
        onSelect: () => edits.arrange('down'),
      },
      {
        label: 'Lay out left to right',
        icon: 'i-lucide-arrow-right-from-line',
        onSelect: () => edits.arrange('right'),
      },
    ],
  ];
}
