import { openBenchWindow, frameTimes } from '../bench-window.ts';
import { quantile, worst } from '../statistics.ts';
import type { Measurement } from '../types.ts';

/** By then the code is warm and the plots have more points than pixels: what grows from here on grows with the run. */
const WARM_UP_SECONDS = 60;
const MEGABYTE = 2 ** 20;

export const liveMetrics: Measurement = {
  id: 'live',
  title: 'Live metrics',
  how: (_size, { minutes }) =>
    `A run says 1,000 numbers a second for ${minutes} ${minutes === 1 ? 'minute' : 'minutes'} through the process channel, the store and the socket, while its page is open. Memory after a collection of garbage, ${WARM_UP_SECONDS} s after the beginning and at the end.`,
  async measure(size, { minutes, quick, built }) {
    const window = await openBenchWindow({ scene: 'live', size, built });
    const { page, host } = window;
    try {
      const run = await host.ask({ ask: 'start' });
      await window.open(`/runs/${run}`);
      await page.locator('[role=img][tabindex]').first().waitFor();
      await page.waitForTimeout(quick ? 1000 : WARM_UP_SECONDS * 1000);
      const [begin, hostBegin] = [await window.heap(), await host.ask({ ask: 'heap' })];
      await host.ask({ ask: 'watch' });
      await window.begin();
      const end = performance.now() + (quick ? 2000 : minutes * 60_000);
      while (performance.now() < end) {
        // A person who looks around: the crosshair, then another page's worth of scrolling.
        await page.mouse.move(500 + 100 * Math.sin(performance.now() / 3000), 520);
        await page.waitForTimeout(250);
      }
      const reading = await window.end();
      const { worst: held } = await host.ask({ ask: 'delay' });
      const [last, hostLast] = [await window.heap(), await host.ask({ ask: 'heap' })];
      const shown = await page.locator('main, body').first().innerText();
      if (!/Running/.test(shown)) throw new Error('the page of the run does not show that it runs');
      const slow = reading.frames.filter((frame) => frame > 100).length;
      return [
        { what: "window's memory at the beginning", value: begin / MEGABYTE, unit: 'MB' },
        { what: "window's memory at the end", value: last / MEGABYTE, unit: 'MB' },
        { what: "growth of the window's memory", value: 100 * (last / begin - 1), unit: '%', goal: 10 },
        { what: "host's memory at the beginning", value: hostBegin / MEGABYTE, unit: 'MB' },
        { what: "host's memory at the end", value: hostLast / MEGABYTE, unit: 'MB' },
        { what: 'median frame', value: frameTimes(reading).median, unit: 'ms' },
        { what: '99 of 100 frames within', value: quantile(reading.frames, 0.99), unit: 'ms' },
        { what: 'worst frame', value: worst(reading.frames), unit: 'ms' },
        { what: 'frames above 100 ms', value: slow, unit: '' },
        { what: 'the host was held up for at most', value: held, unit: 'ms', goal: 100 },
      ];
    } finally {
      await window.close();
    }
  },
};
