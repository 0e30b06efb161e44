import { onBeforeUnmount, ref, shallowRef, type Ref } from 'vue';
import type { Range } from './range.ts';

/** Places in a chart's element, in pixels. */
export interface Box {
  left: number;
  top: number;
  right: number;
  bottom: number;
}

export interface PlotActions {
  /** The pointer is over a place, or has left. */
  point(place: { x: number; y: number } | null): void;
  /** A rectangle was drawn. */
  zoomTo(box: Box): void;
  zoom(factor: number, at?: number): void;
  /** By a share of the visible width; to the right when positive. */
  pan(share: number): void;
  reset(): void;
  /** The keyboard moves the crosshair to the next point. */
  step(direction: 1 | -1 | 'first' | 'last'): void;
  /** The x axis as it was when a drag began, to pan from. */
  range(): Range | null;
  panFrom(range: Range | null, share: number): void;
}

/** Fewer pixels are a click, not a drag. */
const DRAG = 4;

/**
 * Mouse and keyboard of a chart with lines. Drag: zoom to a rectangle; with Shift or the middle button: pan. Wheel with
 * Ctrl: zoom, with Shift: pan. Double click: everything. Keys: arrows move the crosshair, with Shift they pan, + and −
 * zoom, 0 and Escape show everything.
 */
export function usePlotInput(element: Ref<HTMLElement | undefined>, actions: PlotActions) {
  const box = shallowRef<Box | null>(null);
  const panning = ref(false);
  let start: { x: number; y: number; range: Range | null } | null = null;

  function placeOf(event: MouseEvent): { x: number; y: number } {
    const rect = element.value?.getBoundingClientRect();
    return { x: event.clientX - (rect?.left ?? 0), y: event.clientY - (rect?.top ?? 0) };
  }

  function pointerdown(event: PointerEvent): void {
    if (event.button > 1 || event.ctrlKey) return;
    const place = placeOf(event);
    panning.value = event.shiftKey || event.button === 1;
    start = { ...place, range: actions.range() };
    element.value?.setPointerCapture(event.pointerId);
    if (event.button === 1) event.preventDefault();
  }

  function pointermove(event: PointerEvent): void {
    const place = placeOf(event);
    if (!start) return actions.point(place);
    const width = element.value?.clientWidth ?? 1;
    if (panning.value) return actions.panFrom(start.range, (start.x - place.x) / width);
    if (Math.abs(place.x - start.x) < DRAG && !box.value) return;
    actions.point(null);
    box.value = {
      left: Math.min(start.x, place.x),
      right: Math.max(start.x, place.x),
      top: Math.min(start.y, place.y),
      bottom: Math.max(start.y, place.y),
    };
  }

  function stop(): void {
    start = null;
    box.value = null;
    panning.value = false;
  }

  function pointerup(): void {
    const drawn = box.value;
    stop();
    if (drawn && drawn.right - drawn.left >= DRAG) actions.zoomTo(drawn);
  }

  function wheel(event: WheelEvent): void {
    if (event.ctrlKey || event.metaKey) {
      event.preventDefault();
      actions.zoom(1.0015 ** -event.deltaY, placeOf(event).x);
    } else if (event.shiftKey) {
      event.preventDefault();
      actions.pan((event.deltaX || event.deltaY) / 800);
    }
  }

  function keydown(event: KeyboardEvent): void {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const pan = event.shiftKey;
    const does: Record<string, () => void> = {
      ArrowLeft: () => (pan ? actions.pan(-0.2) : actions.step(-1)),
      ArrowRight: () => (pan ? actions.pan(0.2) : actions.step(1)),
      Home: () => actions.step('first'),
      End: () => actions.step('last'),
      '+': () => actions.zoom(1.5),
      '=': () => actions.zoom(1.5),
      '-': () => actions.zoom(1 / 1.5),
      '0': () => actions.reset(),
      Escape: () => {
        stop();
        actions.reset();
      },
    };
    const work = does[event.key];
    if (!work) return;
    event.preventDefault();
    work();
  }

  onBeforeUnmount(stop);
  return {
    box,
    panning,
    listeners: {
      pointerdown,
      pointermove,
      pointerup,
      pointercancel: stop,
      pointerleave: () => actions.point(null),
      dblclick: () => actions.reset(),
      wheel,
      keydown,
      blur: () => actions.point(null),
    },
  };
}
