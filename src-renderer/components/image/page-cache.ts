/** Pages of a long list that are loaded when they are wanted, the newest wish first; the oldest are forgotten. */
export interface PageCache<T> {
  get(page: number): T | undefined;
  /** Says which pages are wanted now, most urgent first; what is no longer wanted and not begun is dropped. */
  want(pages: readonly number[]): void;
  /** Tries pages again that failed. */
  retry(): void;
  close(): void;
}

export function createPageCache<T>(options: {
  load: (page: number) => Promise<T>;
  /** A page has come, or one has failed (`error`). */
  onChange: (error: unknown) => void;
  /** Pages that are kept. */
  capacity: number;
  /** Pages that are loaded at once. */
  parallel?: number;
}): PageCache<T> {
  const { load, onChange, capacity, parallel = 3 } = options;
  const kept = new Map<number, T>();
  const running = new Set<number>();
  const failed = new Set<number>();
  let wanted: readonly number[] = [];
  let closed = false;

  function pump(): void {
    for (const page of wanted) {
      if (running.size >= parallel || closed) return;
      if (!kept.has(page) && !running.has(page) && !failed.has(page)) void begin(page);
    }
  }

  async function begin(page: number): Promise<void> {
    running.add(page);
    let error: unknown = null;
    try {
      kept.set(page, await load(page));
      forgetOld();
    } catch (failure) {
      failed.add(page);
      error = failure;
    }
    running.delete(page);
    if (closed) return;
    onChange(error);
    pump();
  }

  function forgetOld(): void {
    for (const page of kept.keys()) {
      if (kept.size <= capacity) return;
      if (!wanted.includes(page)) kept.delete(page);
    }
  }

  return {
    get(page) {
      const found = kept.get(page);
      if (found !== undefined) {
        kept.delete(page);
        kept.set(page, found);
      }
      return found;
    },
    want(pages) {
      wanted = pages;
      pump();
    },
    retry() {
      failed.clear();
      pump();
    },
    close: () => void (closed = true),
  };
}
