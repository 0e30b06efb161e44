import type { PageDefinition } from './page.ts';

/** Milliseconds that the first page has to itself. */
const FIRST_PAGE = 2000;

/**
 * Loads the other pages one by one while nothing else happens, so that the first look at any of them is as fast as the
 * second. One that cannot be loaded says so when it is opened.
 */
export function loadPagesWhenIdle(pages: readonly PageDefinition[]): void {
  const waiting = [...pages];
  const next = (): void => {
    const page = waiting.shift();
    if (!page) return;
    requestIdleCallback(() => void page.load().then(next, next));
  };
  setTimeout(next, FIRST_PAGE);
}
