import { openBenchWindow } from '../bench-window.ts';
import { median, worst } from '../statistics.ts';
import type { Measurement } from '../types.ts';

/** The frame around the pages, and the list of runs with what the host answered. */
const FRAME = "document.querySelector('nav a, nav button') && document.querySelector('h1')";
const CONTENT = "document.querySelector('main, #app') && document.body.innerText.includes('mnist')";

export const firstPaint: Measurement = {
  id: 'first-paint',
  title: 'First meaningful paint',
  how: (_size, { repeats }) =>
    `A fresh browser with an empty profile opens the built window, ${repeats} times. From the start of the navigation to the picture with the frame of the application, and to the one with the runs that the host answered.`,
  async measure(size, { repeats, built }) {
    const frame: number[] = [];
    const content: number[] = [];
    for (let i = 0; i < repeats; i++) {
      const window = await openBenchWindow({ scene: 'runs', size: { ...size, runs: 24 }, built });
      const [framed, filled] = await Promise.all([window.since(FRAME), window.since(CONTENT)]);
      const paints = await window.page.evaluate<number[]>(
        "performance.getEntriesByName('first-contentful-paint').map((entry) => entry.startTime)",
      );
      frame.push(paints[0] ?? framed);
      content.push(filled);
      await window.close();
    }
    return [
      { what: 'first picture, median', value: median(frame), unit: 'ms' },
      { what: 'Home with its runs, median', value: median(content), unit: 'ms' },
      { what: 'Home with its runs, worst', value: worst(content), unit: 'ms' },
    ];
  },
};
