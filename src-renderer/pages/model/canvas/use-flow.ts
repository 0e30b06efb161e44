import { useVueFlow, type Edge, type GraphNode, type Node } from '@vue-flow/core';
import { nextTick, watch } from 'vue';
import type { Builder } from '../use-builder.ts';
import { isSame } from '../steady.ts';
import type { GraphEdge, GraphItem } from './graph-view.ts';
import { frameAround, placesOf, type Box, type Point } from './layout.ts';

/** Height and width of a canvas that nobody has laid out yet do not matter: no smaller zoom than this at first. */
const READABLE = 0.75;
/** At this zoom a graph of some hundred layers can be seen whole. */
export const SMALLEST_ZOOM = 0.02;
const FRAME = ':frame:';

/** Keeps the drawing library's boxes and lines those of the builder, and turns what the mouse does into edits. */
export function useFlow(builder: Builder, flowId: string) {
  const { model, edits } = builder;
  const flow = useVueFlow(flowId);

  function nodeOf(item: GraphItem): Node {
    return {
      id: item.id,
      type: item.type,
      position: { ...(builder.positions.value.get(item.id) ?? { x: 0, y: 0 }) },
      width: item.width,
      height: item.height,
      draggable: item.type !== 'end',
      selectable: item.type === 'layer',
      data: item.type === 'folded' ? { group: item.id.slice(':group:'.length) } : {},
      focusable: false,
      domAttributes: { 'aria-roledescription': undefined } as NonNullable<Node['domAttributes']>,
    };
  }
  function frameNodes(positionOf: (id: string) => Point | undefined): Node[] {
    const sizes = new Map(builder.view.value.items.map((item) => [item.id, item]));
    return builder.view.value.frames.flatMap((frame) => {
      const boxes = frame.layers.flatMap((id): Box[] => {
        const [item, point] = [sizes.get(id), positionOf(id)];
        return item && point ? [{ x: point.x, y: point.y, width: item.width, height: item.height }] : [];
      });
      const box = frameAround(boxes);
      if (!box) return [];
      return [
        {
          id: `${FRAME}${frame.id}`,
          type: 'frame',
          position: { x: box.x, y: box.y },
          width: box.width,
          height: box.height,
          zIndex: -1,
          selectable: false,
          connectable: false,
          focusable: false,
          dragHandle: '.frame-bar',
          data: { group: frame.id, width: box.width, height: box.height },
          domAttributes: { 'aria-roledescription': undefined } as NonNullable<Node['domAttributes']>,
        },
      ];
    });
  }

  /** The library's own box where nothing but its place has changed: it is not drawn again. */
  function drawnOr(node: Node): Node {
    const drawn = flow.findNode(node.id);
    if (!drawn || drawn.type !== node.type) return node;
    if (drawn.width !== node.width || drawn.height !== node.height || !isSame(drawn.data, node.data))
      return node;
    const { x, y } = node.position;
    if (drawn.position.x !== x || drawn.position.y !== y) drawn.position = { x, y };
    return drawn;
  }
  function drawNodes(nodes: readonly Node[]): void {
    const next = nodes.map(drawnOr);
    const wanted = new Set(next.map(({ id }) => id));
    const stay = flow.nodes.value.filter(({ id }) => wanted.has(id));
    // In the order of the layers, which is the order in which they are read aloud.
    if (next.length !== stay.length || next.some((node, i) => node !== stay[i])) flow.setNodes(next);
    else {
      const gone = flow.nodes.value.filter(({ id }) => !wanted.has(id));
      if (gone.length > 0)
        flow.removeNodes(
          gone.map(({ id }) => id),
          false,
        );
    }
  }
  function edgeOf(edge: GraphEdge): Edge {
    return {
      id: edge.id,
      source: edge.source,
      target: edge.target,
      type: 'layer',
      data: edge,
      focusable: false,
      updatable: false,
      selectable: edge.place !== null,
      markerEnd: 'arrowclosed',
    };
  }
  /** Lines that are the same stay; the library would make all of them anew. */
  function drawEdges(edges: readonly GraphEdge[]): void {
    const drawn = new Map(flow.edges.value.map(({ id, data }) => [id, data as GraphEdge]));
    const wanted = new Map(edges.map((edge) => [edge.id, edge]));
    const stays = (edge: GraphEdge | undefined, other: GraphEdge | undefined) =>
      edge !== undefined && other !== undefined && isSame(edge, other);
    const old = [...drawn.keys()].filter((id) => !stays(drawn.get(id), wanted.get(id)));
    const fresh = edges.filter((edge) => !stays(edge, drawn.get(edge.id)));
    if (old.length > 0) flow.removeEdges(old);
    if (fresh.length > 0) flow.addEdges(fresh.map(edgeOf));
  }

  watch(
    () => [builder.view.value, builder.positions.value] as const,
    ([view, positions]) => {
      drawNodes([...frameNodes((id) => positions.get(id)), ...view.items.map(nodeOf)]);
      // Before the library is on the page it takes lines only all at once.
      if (flow.edges.value.length === 0) flow.setEdges(view.edges.map(edgeOf));
      else drawEdges(view.edges);
      chosen(model.selection.value);
    },
    { immediate: true },
  );

  /** The library keeps the selection by itself; both are made equal, whichever changed. */
  function chosen(ids: readonly string[]): void {
    for (const node of flow.getNodes.value) {
      const next = ids.includes(node.id);
      if (node.selected !== next) node.selected = next;
    }
  }
  watch(model.selection, chosen);
  flow.onNodesChange((changes) => {
    if (!changes.some(({ type }) => type === 'select')) return;
    void nextTick(() => {
      const ids = flow.getSelectedNodes.value.map(({ id }) => id);
      if (ids.toSorted().join() !== model.selection.value.toSorted().join()) model.select(ids);
    });
  });

  let frameStart: Point | null = null;
  const memberStarts = new Map<string, Point>();
  flow.onNodeDragStart(({ node }) => {
    if (!node.id.startsWith(FRAME)) return;
    frameStart = { ...node.position };
    memberStarts.clear();
    for (const id of membersOf(node)) {
      const member = flow.findNode(id);
      if (member) memberStarts.set(id, { ...member.position });
    }
  });
  flow.onNodeDrag(({ node }) => {
    if (node.id.startsWith(FRAME) && frameStart) {
      const [dx, dy] = [node.position.x - frameStart.x, node.position.y - frameStart.y];
      for (const [id, start] of memberStarts) {
        const member = flow.findNode(id);
        if (member) member.position = { x: start.x + dx, y: start.y + dy };
      }
      return;
    }
    for (const frame of frameNodes((id) => flow.findNode(id)?.position)) {
      const drawn = flow.findNode(frame.id);
      if (drawn)
        Object.assign(drawn, {
          position: frame.position,
          width: frame.width,
          height: frame.height,
          data: frame.data,
        });
    }
  });
  flow.onNodeDragStop(({ nodes, node }) => {
    const moved = node.id.startsWith(FRAME) ? [...memberStarts.keys()] : nodes.map(({ id }) => id);
    frameStart = null;
    const positions = new Map(builder.positions.value);
    let changed = false;
    for (const id of moved) {
      const [drawn, before] = [flow.findNode(id)?.position, positions.get(id)];
      if (!drawn || !before || (Math.abs(drawn.x - before.x) < 1 && Math.abs(drawn.y - before.y) < 1))
        continue;
      positions.set(id, { ...drawn });
      changed = true;
    }
    // All get a place: from now on the graph is arranged by hand, and nothing else may jump.
    if (changed)
      edits.place(
        `Move ${moved.length === 1 ? moved[0] : `${moved.length} layers`}`,
        placesOf(builder.view.value, model.canvas.value, positions),
      );
  });
  function membersOf(node: GraphNode): readonly string[] {
    const id = (node.data as { group: string }).group;
    return model.canvas.value.groups.find((group) => group.id === id)?.layers ?? [];
  }

  flow.onConnect(({ source, target }) => edits.connect(source, target));

  /** Shows the whole graph: by its places, since boxes out of sight have not been measured. */
  async function showAll(): Promise<void> {
    const boxes = builder.view.value.items.flatMap((item): Box[] => {
      const point = builder.positions.value.get(item.id);
      return point ? [{ ...point, width: item.width, height: item.height }] : [];
    });
    const box = frameAround(boxes);
    const { width, height } = flow.dimensions.value;
    if (!box || width === 0 || height === 0) return;
    const zoom = Math.min(1, Math.max(SMALLEST_ZOOM, Math.min(width / box.width, height / box.height)));
    await flow.setViewport({
      x: width / 2 - (box.x + box.width / 2) * zoom,
      y: height / 2 - (box.y + box.height / 2) * zoom,
      zoom,
    });
  }

  /** Shows the whole graph, or its beginning where the whole would be too small to read. */
  function showStart(): void {
    void nextTick(async () => {
      await showAll();
      if (flow.viewport.value.zoom >= READABLE) return;
      const first = builder.positions.value.get(builder.view.value.items[0]?.id ?? '');
      const { width, height } = flow.dimensions.value;
      if (!first) return;
      const isDown = builder.direction.value === 'down';
      await flow.setViewport({
        x: isDown ? width / 2 - (first.x + 112) * 0.9 : 40 - first.x * 0.9,
        y: isDown ? 32 - first.y * 0.9 : height / 2 - first.y * 0.9,
        zoom: 0.9,
      });
    });
  }

  /** Brings a box into view, if it is not, and puts the focus on it. */
  function show(id: string, focus: boolean): void {
    const place = builder.positions.value.get(id);
    const item = builder.view.value.items.find((one) => one.id === id);
    if (!place || !item) return;
    const { x, y, zoom } = flow.viewport.value;
    const { width, height } = flow.dimensions.value;
    const [left, top] = [place.x * zoom + x, place.y * zoom + y];
    const inside =
      left >= 8 &&
      top >= 8 &&
      left + item.width * zoom <= width - 8 &&
      top + item.height * zoom <= height - 8;
    if (!inside)
      void flow.setCenter(place.x + item.width / 2, place.y + item.height / 2, { zoom: Math.max(zoom, 0.6) });
    builder.focused.value = id;
    if (focus) void focusBox(id);
  }
  async function focusBox(id: string): Promise<void> {
    // A new box is measured before it is shown, and only then takes the focus.
    for (let tries = 0; tries < 20; tries++) {
      await new Promise((resolve) => requestAnimationFrame(resolve));
      const box = document.querySelector<HTMLElement>(`[data-layer="${CSS.escape(id)}"]`);
      box?.focus({ preventScroll: true });
      if (box && document.activeElement === box) return;
    }
  }
  builder.reveal.show = show;

  return { flow, showStart, showAll };
}
