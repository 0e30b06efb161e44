import { toErrorData } from '#shared/base/errors.ts';
import type { Canvas } from '#shared/draft/draft.ts';
import * as drawing from '#shared/model/edit/canvas.ts';
import * as wires from '#shared/model/edit/connect.ts';
import * as pieces from '#shared/model/edit/fragment.ts';
import {
  addLoose,
  insertAfter,
  insertBefore,
  insertOnEdge,
  type EdgePlace,
} from '#shared/model/edit/insert.ts';
import { linksOf } from '#shared/model/edit/links.ts';
import type { LayerDocument, NetworkDocument } from '#shared/model/edit/network.ts';
import { newLayer, replaceKind } from '#shared/model/edit/new-layer.ts';
import { removeLayers } from '#shared/model/edit/remove.ts';
import { moveLayer } from '#shared/model/edit/reorder.ts';
import { wrapInResidual } from '#shared/model/edit/residual.ts';
import { INPUT } from '#shared/model/infer-layer.ts';
import { useToast } from '../../components/ui.ts';
import { OUTPUT, viewGraph } from './canvas/graph-view.ts';
import { makeRoom, placesOf, positionsOf, type Point } from './canvas/layout.ts';
import { paletteItem, titleOf } from './palette/kinds.ts';
import type { Model } from './use-model.ts';

/** Where something from the palette goes. */
export type Spot =
  | { at: 'selection' }
  | { at: 'after' | 'before'; layer: string }
  | { at: 'edge'; edge: EdgePlace }
  | { at: 'loose'; point: Point };

/** Everything that can be done to the graph. Each is one step of the history, and says what it did. */
export function useEdits(model: Model) {
  const toast = useToast();
  const { announce } = model;

  function refuse(sentence: string): void {
    announce(sentence);
    toast.add({ id: 'refused', title: sentence, color: 'warning', icon: 'i-lucide-ban' });
  }

  /** A change that brings in layers: they get room in a graph that was arranged by hand, and join the frame around them. */
  function bring(
    title: string,
    network: NetworkDocument,
    ids: readonly string[],
    canvas: Canvas = model.canvas.value,
  ) {
    const links = linksOf(network);
    const near = links
      .filter(({ layer, inputs }) => !ids.includes(layer.id) && inputs.some((name) => ids.includes(name)))
      .map(({ layer }) => layer.id);
    const read = links
      .filter(({ layer }) => ids.includes(layer.id))
      .flatMap(({ inputs }) => inputs.filter((name) => name !== INPUT && !ids.includes(name)));
    const joined = drawing.joinGroup(canvas, ids, [...near, ...read]);
    const arranged = Object.keys(canvas.places).length > 0;
    const unplaced = ids.filter((id) => !(id in joined.places));
    const placed =
      arranged && unplaced.length > 0
        ? drawing.placeLayers(joined, makeRoom(viewGraph(network, joined), joined, unplaced))
        : joined;
    model.edit(title, { spec: network, canvas: placed });
    model.select(ids);
  }

  function facts(after: string | undefined) {
    const shape = after === INPUT ? model.inspection.value.inputShape : shapeOf(after ?? '');
    return { channels: shape?.at(-1) };
  }
  function shapeOf(id: string) {
    if (id === INPUT) return model.inspection.value.inputShape;
    return model.inspection.value.layers.find((layer) => layer.id === id)?.shape ?? null;
  }

  function put(network: NetworkDocument, layer: LayerDocument, spot: Spot): [NetworkDocument, string] {
    if (spot.at === 'edge') return [insertOnEdge(network, spot.edge, layer), `before ${spot.edge.target}`];
    if (spot.at === 'before') return [insertBefore(network, spot.layer, layer), `before ${spot.layer}`];
    if (spot.at === 'loose') {
      return [
        addLoose(network, layer),
        network.layers.length === 0 ? 'after the input' : 'without a connection',
      ];
    }
    const sources = spot.at === 'after' ? [spot.layer] : model.selection.value;
    const last = sources.at(-1) ?? network.layers.at(-1)?.id ?? INPUT;
    return [insertAfter(network, sources, layer), last === INPUT ? 'after the input' : `after ${last}`];
  }

  /** The drawing with a place for every layer, so that nothing jumps when one is put somewhere by hand. */
  function keptPlaces(network: NetworkDocument): Canvas {
    const canvas = model.canvas.value;
    const view = viewGraph(network, canvas);
    return drawing.placeLayers(canvas, placesOf(view, canvas, positionsOf(view, canvas)));
  }

  /** Puts something from the palette into the graph. */
  function add(paletteId: string, spot: Spot = { at: 'selection' }): void {
    const network = model.spec.value;
    const item = paletteItem(paletteId);
    const [kind, ...more] = item?.kinds ?? [];
    if (!network || !item || kind === undefined) return;
    const before =
      spot.at === 'after' ? spot.layer : (model.selection.value.at(-1) ?? network.layers.at(-1)?.id);
    const layer = newLayer(network, kind, facts(before));
    const [first, where] = put(network, layer, spot);
    let next = first;
    const ids = [layer.id];
    for (const following of more) {
      const another = newLayer(next, following);
      next = insertAfter(next, [ids.at(-1) ?? INPUT], another);
      ids.push(another.id);
    }
    const canvas =
      spot.at === 'loose' && network.layers.length > 0
        ? drawing.placeLayers(keptPlaces(network), { [layer.id]: [spot.point.x, spot.point.y] })
        : model.canvas.value;
    bring(`Add ${item.title.toLowerCase()}`, next, ids, canvas);
    announce(`Added ${ids.join(', ')}, ${where}.`);
  }

  function remove(ids: readonly string[] = model.selection.value): void {
    if (!model.spec.value || ids.length === 0) return;
    const links = linksOf(model.spec.value);
    const first = links.find(({ layer }) => ids.includes(layer.id));
    const stay = links.filter(({ layer }) => !ids.includes(layer.id)).map(({ layer }) => layer.id);
    const near = first?.inputs.find((name) => stay.includes(name)) ?? stay[0];
    model.edit(`Delete ${list(ids)}`, { spec: removeLayers(model.spec.value, ids) });
    model.select(near === undefined ? [] : [near]);
    announce(`Deleted ${list(ids)}. Their neighbours are connected.`);
  }

  function duplicate(ids: readonly string[] = model.selection.value): void {
    if (!model.spec.value || ids.length === 0) return;
    const copied = pieces.duplicateLayers(model.spec.value, ids);
    bring(`Duplicate ${list(ids)}`, copied.network, copied.ids);
    announce(`Duplicated as ${copied.ids.join(', ')}.`);
  }

  async function copy(ids: readonly string[] = model.selection.value): Promise<boolean> {
    if (!model.spec.value || ids.length === 0) return false;
    const text = JSON.stringify(pieces.copyLayers(model.spec.value, ids), null, 2);
    try {
      await navigator.clipboard.writeText(text);
    } catch (error) {
      refuse(`The layers could not be copied: ${toErrorData(error).message}`);
      return false;
    }
    announce(`Copied ${list(ids)}.`);
    return true;
  }
  async function cut(ids: readonly string[] = model.selection.value): Promise<void> {
    if (await copy(ids)) remove(ids);
  }
  function pasteText(text: string): void {
    if (!model.spec.value) return;
    try {
      const pasted = pieces.pasteAfter(
        model.spec.value,
        pieces.readFragment(text),
        model.selection.value.at(-1),
      );
      bring(`Paste ${pasted.ids.length} layers`, pasted.network, pasted.ids);
      announce(`Pasted ${pasted.ids.join(', ')}.`);
    } catch (error) {
      const { message } = toErrorData(error);
      refuse(`${message.charAt(0).toUpperCase()}${message.slice(1)}.`);
    }
  }
  async function paste(): Promise<void> {
    try {
      pasteText(await navigator.clipboard.readText());
    } catch (error) {
      refuse(`The clipboard could not be read: ${toErrorData(error).message}`);
    }
  }

  /** Lets `target` read `source`; the output can be a target too. */
  function connect(source: string, target: string): void {
    const network = model.spec.value;
    if (!network) return;
    const refusal =
      target === OUTPUT
        ? wires.outputRefusal(network, source)
        : wires.connectionRefusal(network, source, target);
    if (refusal) return refuse(refusal);
    if (target === OUTPUT) {
      model.edit(`Make ${source} the output`, { spec: wires.makeOutput(network, source) });
      return announce(`${source} is the output now.`);
    }
    const instead = wires.replacedSource(network, target);
    model.edit(`Connect ${source} to ${target}`, { spec: wires.connect(network, source, target) });
    announce(`${target} reads ${source} now${instead ? ` instead of ${instead}` : ''}.`);
  }
  function disconnect(edge: EdgePlace): void {
    if (!model.spec.value) return;
    const source = linksOf(model.spec.value).find(({ layer }) => layer.id === edge.target)?.inputs[
      edge.index
    ];
    model.edit(`Disconnect ${edge.target}`, { spec: wires.disconnect(model.spec.value, edge) });
    announce(`${edge.target} no longer reads ${source ?? 'it'}.`);
  }

  function move(id: string, by: -1 | 1): void {
    if (!model.spec.value) return;
    const moved = moveLayer(model.spec.value, id, by);
    if (!moved.ok) return refuse(moved.refusal);
    // Two that change places in a graph arranged by hand change places on the canvas, too.
    const other =
      model.spec.value.layers[model.spec.value.layers.findIndex((layer) => layer.id === id) + by]?.id;
    const { places } = model.canvas.value;
    const [here, there] = [places[id], places[other ?? '']];
    const canvas =
      here && there && other !== undefined
        ? drawing.placeLayers(model.canvas.value, { [id]: there, [other]: here })
        : model.canvas.value;
    model.edit(`Move ${id} ${by < 0 ? 'up' : 'down'}`, { spec: moved.network, canvas });
    announce(`Moved ${id} ${by < 0 ? 'before' : 'after'} ${other ?? ''}.`);
  }

  function replace(id: string, kind: string): void {
    if (!model.spec.value) return;
    model.edit(`Make ${id} ${titleOf(kind).toLowerCase()}`, {
      spec: replaceKind(model.spec.value, id, kind, facts(id)),
    });
    announce(`${id} is ${titleOf(kind)} now.`);
  }

  function residual(ids: readonly string[] = model.selection.value): void {
    if (!model.spec.value) return;
    const wrapped = wrapInResidual(model.spec.value, ids, shapeOf);
    if (!wrapped.ok) return refuse(wrapped.refusal);
    bring('Wrap in a residual branch', wrapped.network, wrapped.ids);
    announce(`${list(ids)} is a residual branch now, added by ${wrapped.ids.at(-1) ?? ''}.`);
  }

  function draw(title: string, canvas: Canvas, sentence: string): void {
    model.edit(title, { canvas });
    announce(sentence);
  }
  function group(ids: readonly string[] = model.selection.value): void {
    if (ids.length === 0) return;
    const title = drawing.freshTitle(model.canvas.value);
    draw(
      `Group ${list(ids)}`,
      drawing.groupLayers(model.canvas.value, ids, title),
      `Grouped ${list(ids)} as ${title}.`,
    );
  }
  function ungroup(id: string): void {
    draw('Ungroup', drawing.ungroup(model.canvas.value, id), 'The frame is gone, its layers stay.');
  }
  function fold(id: string, collapsed: boolean): void {
    const canvas = drawing.changeGroup(model.canvas.value, id, { collapsed });
    draw(collapsed ? 'Collapse' : 'Expand', canvas, collapsed ? 'Collapsed.' : 'Expanded.');
  }
  function retitle(id: string, title: string): void {
    draw('Rename a group', drawing.changeGroup(model.canvas.value, id, { title }), `Renamed to ${title}.`);
  }
  function arrange(direction: 'down' | 'right'): void {
    const words = direction === 'down' ? 'top to bottom' : 'left to right';
    draw(`Lay out ${words}`, drawing.clearPlaces(model.canvas.value, direction), `Laid out ${words}.`);
  }
  function place(title: string, places: Record<string, [number, number]>): void {
    model.edit(title, { canvas: drawing.placeLayers(model.canvas.value, places) });
  }

  return {
    add,
    remove,
    duplicate,
    copy,
    cut,
    paste,
    pasteText,
    connect,
    disconnect,
    move,
    replace,
    residual,
    group,
    ungroup,
    fold,
    retitle,
    arrange,
    place,
    refuse,
  };
}
export type Edits = ReturnType<typeof useEdits>;

function list(ids: readonly string[]): string {
  return ids.length <= 3 ? ids.join(', ') : `${ids.length} layers`;
}
