import { INPUT } from '#shared/model/infer-layer.ts';
import type { Builder } from '../use-builder.ts';
import { OUTPUT } from './graph-view.ts';
import { nextBox, type Way } from './walk.ts';

const ARROWS: Readonly<Record<'down' | 'right', Readonly<Record<string, Way>>>> = {
  down: { ArrowUp: 'back', ArrowDown: 'forth', ArrowLeft: 'left', ArrowRight: 'right' },
  right: { ArrowLeft: 'back', ArrowRight: 'forth', ArrowUp: 'left', ArrowDown: 'right' },
};

/** What the keys do on a box of the canvas. True: it was one of them. */
export function canvasKey(builder: Builder, event: KeyboardEvent, id: string): boolean {
  const { model, edits } = builder;
  const isLayer = model.spec.value?.layers.some((layer) => layer.id === id) ?? false;
  const group = model.canvas.value.groups.find((one) => `:group:${one.id}` === id);
  const chosen = model.selection.value.includes(id) ? model.selection.value : isLayer ? [id] : [];
  const command = event.ctrlKey || event.metaKey;
  const way = ARROWS[builder.direction.value][event.key];

  if (way && event.altKey && isLayer) {
    if (way === 'back' || way === 'forth') edits.move(id, way === 'back' ? -1 : 1);
    else nudge(builder, id, way === 'left' ? -20 : 20);
    builder.reveal.show(id, true);
    return true;
  }
  if (way && !command && !event.altKey) {
    const next = nextBox(builder.view.value, builder.positions.value, id, way, builder.direction.value);
    if (next === null) return true;
    // The selection goes along, so that what is done next is done to the box that has the focus.
    model.select(event.shiftKey ? [...model.selection.value, id, next] : [next]);
    builder.reveal.show(next, true);
    return true;
  }
  if (command && !event.altKey) {
    const letter = event.key.toLowerCase();
    if (letter === 'c') void edits.copy(chosen);
    else if (letter === 'x') void edits.cut(chosen);
    else if (letter === 'v') void edits.paste();
    else if (letter === 'a') model.select(model.spec.value?.layers.map((layer) => layer.id) ?? []);
    else return false;
    return true;
  }
  if (event.altKey) return false;
  switch (event.key) {
    case ' ':
      if (isLayer) toggle(builder, id, event.shiftKey);
      return true;
    case 'Enter':
      if (group) edits.fold(group.id, false);
      else if (isLayer) {
        model.select([id]);
        builder.inspect.open();
      }
      return true;
    case 'Delete':
    case 'Backspace':
      if (chosen.length > 0) {
        edits.remove(chosen);
        builder.reveal.show(model.selection.value[0] ?? INPUT, true);
      }
      return true;
    case 'Insert':
      ask(builder, id);
      return true;
    case 'Escape':
      model.select([]);
      return true;
    case 'Home':
      builder.reveal.show(INPUT, true);
      return true;
    case 'End':
      builder.reveal.show(OUTPUT, true);
      return true;
    default:
      return false;
  }
}

/** Asks which kind of layer goes behind a box. */
export function ask(builder: Builder, id: string): void {
  const last = builder.model.spec.value?.layers.at(-1)?.id;
  const layer = id === OUTPUT ? (last ?? INPUT) : id;
  builder.question.value = { ask: 'insert', where: 'after', layer };
}

function toggle({ model }: Builder, id: string, more: boolean): void {
  const rest = model.selection.value.filter((one) => one !== id);
  if (more) model.select(rest.length < model.selection.value.length ? rest : [...rest, id]);
  else model.select(model.selection.value.includes(id) && rest.length === 0 ? [] : [id]);
}

/** Moves a box aside: what dragging does, by a step. */
function nudge({ edits, positions, direction, view }: Builder, id: string, by: number): void {
  const axis = direction.value === 'down' ? 'x' : 'y';
  const places: Record<string, [number, number]> = {};
  for (const item of view.value.items) {
    const point = positions.value.get(item.id);
    if (!point || item.type !== 'layer') continue;
    const moved = item.id === id ? { ...point, [axis]: point[axis] + by } : point;
    places[item.id] = [moved.x, moved.y];
  }
  edits.place(`Move ${id}`, places);
}
