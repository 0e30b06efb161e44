/* global window, performance, requestAnimationFrame, PerformanceObserver, MessageChannel, addEventListener, removeEventListener */

/**
 * Runs in the page before its own scripts: how long frames take, how long the page computes at a stretch, and how long
 * after an input the next picture is there.
 */
(() => {
  const INPUTS = ['keydown', 'pointerdown', 'click'];
  let reading = null;
  let last = 0;

  /** Calls back when the picture of the next frame has been handed over. */
  function afterFrame(work) {
    requestAnimationFrame(() => {
      const channel = new MessageChannel();
      channel.port1.onmessage = work;
      channel.port2.postMessage(0);
    });
  }

  /** What a person would call it. */
  function nameOf(element) {
    const named = element.closest?.('[aria-label], [role=tab], button, a, tr') ?? element;
    return (named.getAttribute?.('aria-label') ?? named.textContent ?? '').trim().slice(0, 30);
  }

  function frame(now) {
    if (!reading) return;
    if (last > 0) reading.frames.push(now - last);
    last = now;
    requestAnimationFrame(frame);
  }

  new PerformanceObserver((list) => {
    if (reading) for (const entry of list.getEntries()) reading.tasks.push(entry.duration);
  }).observe({ type: 'longtask' });

  for (const type of INPUTS) {
    addEventListener(
      type,
      (event) => {
        const mine = reading;
        if (!mine) return;
        const on = nameOf(event.target);
        afterFrame(() => mine.inputs.push({ type, on, milliseconds: performance.now() - event.timeStamp }));
      },
      { capture: true, passive: true },
    );
  }

  window.meter = {
    begin() {
      reading = { frames: [], tasks: [], inputs: [], since: performance.now() };
      last = 0;
      requestAnimationFrame(frame);
    },
    end() {
      const { since, ...rest } = reading;
      reading = null;
      return { ...rest, seconds: (performance.now() - since) / 1000 };
    },
    /** Milliseconds from the first of these inputs until a picture shows what is awaited. */
    answer(types, shown) {
      return new Promise((resolve) => {
        let at = 0;
        const seen = (event) => {
          if (at === 0) at = event.timeStamp;
        };
        for (const type of types) addEventListener(type, seen, { capture: true, passive: true });
        const look = () => {
          if (at === 0 || !shown()) {
            requestAnimationFrame(look);
            return;
          }
          for (const type of types) removeEventListener(type, seen, { capture: true });
          afterFrame(() => resolve(performance.now() - at));
        };
        requestAnimationFrame(look);
      });
    },
    /** Milliseconds from the start of the navigation until a picture shows what is awaited. */
    since(shown) {
      return new Promise((resolve) => {
        const look = () =>
          shown() ? afterFrame(() => resolve(performance.now())) : requestAnimationFrame(look);
        look();
      });
    },
  };
})();
