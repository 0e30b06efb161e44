import * as os from 'node:os';
import { openBenchWindow, type BenchWindow, type Reading } from '../bench-window.ts';
import { median, quantile, worst } from '../statistics.ts';
import type { Measurement } from '../types.ts';

export const whileTraining: Measurement = {
  id: 'training',
  title: 'While training',
  how: () =>
    'A real training process (WebAssembly) takes all of the machine that it can get. Letters typed into the filter of the runs and into the name of a new run, rows, tabs and menus clicked: from the input to the next picture.',
  async measure(size, { quick, built }) {
    const window = await openBenchWindow({ scene: 'training', size: { ...size, runs: 200 }, built });
    try {
      const run = await window.host.ask({ ask: 'start' });
      await window.page.waitForTimeout(quick ? 500 : 5000);
      await window.host.ask({ ask: 'watch' });
      const before = processorTimes();
      const all: Reading['inputs'] = [];
      for (let i = 0; i < (quick ? 1 : 4); i++) {
        all.push(...(await workAround(window, run)));
      }
      const typed = all.filter(({ type }) => type === 'keydown').map(({ milliseconds }) => milliseconds);
      const clicks = all.filter(({ type }) => type !== 'keydown');
      const clicked = clicks.map(({ milliseconds }) => milliseconds);
      const slowest = clicks.toSorted((a, b) => b.milliseconds - a.milliseconds)[0];
      const { worst: held } = await window.host.ask({ ask: 'delay' });
      const now = processorTimes();
      const busy = 100 * (1 - (now.idle - before.idle) / (now.all - before.all));
      return [
        { what: 'processors busy', value: busy, unit: '%' },
        { what: `typing (${typed.length} keys), median`, value: median(typed), unit: 'ms' },
        { what: 'typing, 95 of 100 within', value: quantile(typed, 0.95), unit: 'ms' },
        { what: 'typing, worst', value: worst(typed), unit: 'ms', goal: 100 },
        { what: `clicking (${clicked.length} clicks), median`, value: median(clicked), unit: 'ms' },
        { what: 'clicking, 95 of 100 within', value: quantile(clicked, 0.95), unit: 'ms' },
        { what: `clicking, worst (${slowest?.on ?? ''})`, value: worst(clicked), unit: 'ms', goal: 100 },
        { what: 'the host was held up for at most', value: held, unit: 'ms', goal: 100 },
      ];
    } finally {
      await window.close();
    }
  },
};

/** Two minutes' work of a person in half a minute. */
async function workAround({ page, open, begin, end }: BenchWindow, run: string) {
  await open('/runs');
  await page.locator('[data-row]').first().waitFor();
  await begin();
  const filter = page.locator('input[aria-label="Filter the runs"]');
  await filter.click();
  await page.keyboard.type('mnist lenet', { delay: 90 });
  await page.waitForTimeout(300);
  await filter.fill('');
  for (const row of [1, 2, 3]) {
    await page.locator(`[data-row="${row}"]`).click();
    await page.waitForTimeout(250);
  }
  const seen = (await end()).inputs;
  await open(`/runs/${run}`);
  await page.getByRole('tab', { name: 'Layers' }).waitFor();
  await begin();
  for (const tab of ['Layers', 'Log', 'Configuration', 'Training']) {
    await page.getByRole('tab', { name: tab }).click();
    await page.waitForTimeout(250);
  }
  seen.push(...(await end()).inputs);
  await open('/new');
  const name = page.getByRole('textbox', { name: 'Name' }).first();
  await name.waitFor();
  await begin();
  await name.click();
  await page.keyboard.press('End');
  await page.keyboard.type(' on two cores', { delay: 90 });
  seen.push(...(await end()).inputs);
  return seen;
}

function processorTimes(): { idle: number; all: number } {
  const times = os.cpus().map((cpu) => cpu.times);
  return {
    idle: times.reduce((sum, { idle }) => sum + idle, 0),
    all: times.flatMap((each) => Object.values(each)).reduce((sum, each) => sum + each, 0),
  };
}
