/** Follows the pointer from its press until it is let go; Escape calls it off. */
export function followPointer(
  event: PointerEvent,
  handlers: {
    move(moved: PointerEvent): void;
    end(moved: boolean): void;
    cancel(): void;
  },
): void {
  const target = event.currentTarget as HTMLElement;
  const start = [event.clientX, event.clientY] as const;
  const stop = new AbortController();
  const { signal } = stop;
  let moved = false;
  target.setPointerCapture(event.pointerId);
  target.addEventListener(
    'pointermove',
    (now) => {
      moved ||= Math.hypot(now.clientX - start[0], now.clientY - start[1]) >= 3;
      if (moved) handlers.move(now);
    },
    { signal },
  );
  target.addEventListener(
    'pointerup',
    () => {
      stop.abort();
      handlers.end(moved);
    },
    { signal },
  );
  const cancel = () => {
    stop.abort();
    handlers.cancel();
  };
  target.addEventListener('pointercancel', cancel, { signal });
  window.addEventListener(
    'keydown',
    (key) => {
      if (key.key !== 'Escape') return;
      key.preventDefault();
      cancel();
    },
    { signal, capture: true },
  );
}
