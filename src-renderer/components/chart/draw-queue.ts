/** Something that draws itself when its turn has come. */
export interface Drawing {
  draw(): void;
  /** The one under a person's hand: drawn in each picture, before the others. */
  urgent(): boolean;
}

export interface DrawQueue {
  /** Draws it in one of the next pictures, once, however often it is asked for. */
  request(drawing: Drawing): void;
  forget(drawing: Drawing): void;
  /** Whether the last picture came late: what is drawn may be drawn more roughly. */
  readonly late: boolean;
}

/** Milliseconds of drawing after which the picture is shown and the others wait for the next one. */
const BUDGET = 8;
/** Milliseconds between two pictures above which there was too much in the last one, and below which there may be more. */
const SLOW = 40;
const FAST = 25;
/** The urgent one and another, so that all follow. */
const LEAST = 2;
const MOST = 32;

/**
 * Spreads drawing over pictures: ten charts that move together must not make a picture wait for all ten. Those that wait
 * longest come first. How many go into one picture follows from how fast the pictures come, because what a browser needs
 * to put lines on the screen is not seen while they are drawn.
 */
export function createDrawQueue(
  nextFrame: (work: (time: number) => void) => unknown = (work) => requestAnimationFrame(work),
  now: () => number = () => performance.now(),
): DrawQueue {
  const waiting = new Set<Drawing>();
  let planned = false;
  /** When the last picture with something new in it was begun; null after one without. */
  let last: number | null = null;
  let allowed = MOST;
  let late = false;

  function plan(): void {
    if (planned) return;
    planned = true;
    nextFrame(frame);
  }

  function frame(time: number): void {
    planned = false;
    late = last !== null && time - last > SLOW;
    if (late) allowed = Math.max(LEAST, Math.floor(allowed / 2));
    else if (last !== null && time - last < FAST) allowed = Math.min(MOST, allowed + 1);
    const begin = now();
    let drawn = 0;
    for (const drawing of [...waiting].toSorted((a, b) => Number(b.urgent()) - Number(a.urgent()))) {
      if (drawn >= allowed || (drawn >= LEAST && now() - begin > BUDGET)) break;
      waiting.delete(drawing);
      drawing.draw();
      drawn++;
    }
    last = drawn > 0 ? time : null;
    // The picture after one with something new in it says how long that took, even if it shows nothing new itself.
    if (drawn > 0) plan();
  }

  return {
    request(drawing) {
      waiting.add(drawing);
      plan();
    },
    forget: (drawing) => void waiting.delete(drawing),
    get late() {
      return late;
    },
  };
}

/** Of all charts of the window. */
export const drawQueue = createDrawQueue();
