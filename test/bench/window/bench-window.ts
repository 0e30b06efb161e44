import * as path from 'node:path';
import type { CDPSession, Page } from 'playwright-core';
import { openChromium } from '#test/support/chromium.ts';
import { startHostProcess, type HostProcess } from './host-process.ts';
import type { SceneName } from './scenes/index.ts';
import type { SceneSize } from './scenes/types.ts';
import { median, worst } from './statistics.ts';

/** What the page's meter saw between `begin` and `end`. All in milliseconds. */
export interface Reading {
  frames: number[];
  tasks: number[];
  inputs: { type: string; on: string; milliseconds: number }[];
  seconds: number;
}

export interface BenchWindow {
  page: Page;
  cdp: CDPSession;
  host: HostProcess;
  /** Opens a page by its route. */
  open(route: string): Promise<void>;
  begin(): Promise<void>;
  end(): Promise<Reading>;
  /** Milliseconds from the first input of `act` until `shown`, an expression, holds in a picture. */
  answer(act: () => Promise<void>, shown: string, types?: readonly string[]): Promise<number>;
  /** Milliseconds from the start of the navigation until `shown` holds in a picture. */
  since(shown: string): Promise<number>;
  /** Bytes of the page after a collection of garbage. */
  heap(): Promise<number>;
  close(): Promise<void>;
}

export interface WindowOptions {
  scene: SceneName;
  size: SceneSize;
  screen?: { width: number; height: number };
  /** Folder of a built window; absent: `out/renderer`. */
  built?: string | undefined;
}

/** The built window in a fresh browser, on a real host with a scene. */
export async function openBenchWindow(options: WindowOptions): Promise<BenchWindow> {
  const { scene, size, screen, built } = options;
  const host = startHostProcess();
  const { address } = await host.ask({ ask: 'open', scene, size, ...(built ? { window: built } : {}) });
  const browser = await openChromium(screen);
  await browser.context.addInitScript({ path: path.join(import.meta.dirname, 'page-meter.js') });
  const page = browser.context.pages()[0] ?? (await browser.context.newPage());
  const problems: string[] = [];
  page.on('pageerror', (error) => problems.push(String(error)));
  const cdp = await browser.context.newCDPSession(page);
  await page.goto(address);
  return {
    page,
    cdp,
    host,
    open: async (route) => {
      // Before its first page is there the window goes where it began, whatever the address says by then.
      await page.getByRole('heading', { level: 1 }).first().waitFor();
      await page.evaluate(`location.hash = ${JSON.stringify(`#${route}`)}`);
      await page.getByRole('heading', { level: 1 }).first().waitFor();
    },
    begin: () => page.evaluate('meter.begin()'),
    end: () => page.evaluate('meter.end()'),
    async answer(act, shown, types = ['keydown', 'pointerdown', 'click']) {
      // Not awaited in the page yet: the answer comes after the act.
      await page.evaluate(`void (window.answered = meter.answer(${JSON.stringify(types)}, () => ${shown}))`);
      await act();
      return page.evaluate<number>('window.answered');
    },
    since: (shown) => page.evaluate<number>(`meter.since(() => ${shown})`),
    async heap() {
      await cdp.send('HeapProfiler.enable');
      // Twice: the first lets finalizers run.
      await cdp.send('HeapProfiler.collectGarbage');
      await cdp.send('HeapProfiler.collectGarbage');
      const { usedSize } = await cdp.send('Runtime.getHeapUsage');
      await cdp.send('HeapProfiler.disable');
      return usedSize;
    },
    async close() {
      await browser.close();
      await host.close();
      if (problems.length > 0) throw new Error(`the window failed while it was measured: ${problems[0]}`);
    },
  };
}

/** Frames of a reading in a sentence's worth of numbers. */
export function frameTimes({ frames }: Reading): { median: number; worst: number } {
  return { median: median(frames), worst: worst(frames) };
}
