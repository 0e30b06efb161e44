import { openBenchWindow, frameTimes } from '../bench-window.ts';
import { worst } from '../statistics.ts';
import type { Measurement } from '../types.ts';

const FILTER = 'cifar-10';
const FIRST_ROW = 'document.querySelector(\'[data-row="0"]\')';

export const runsTable: Measurement = {
  id: 'table',
  title: 'Table of runs',
  how: ({ runs }) =>
    `${runs.toLocaleString('en')} runs: the page opened, scrolled with the wheel, filtered by typing, sorted by a click on a heading.`,
  async measure(size, { quick, built }) {
    const window = await openBenchWindow({ scene: 'runs', size, built });
    const { page, host } = window;
    try {
      await page.locator('h1').first().waitFor();
      await host.ask({ ask: 'watch' });
      const opened = await window.answer(
        () => page.getByRole('navigation').getByRole('link', { name: 'Runs', exact: true }).click(),
        FIRST_ROW,
        ['click'],
      );
      const { worst: held } = await host.ask({ ask: 'delay' });

      await page.locator('[data-row="2"]').hover();
      await window.begin();
      for (let i = 0; i < (quick ? 20 : 150); i++) {
        await page.mouse.wheel(0, i % 50 < 40 ? 900 : -900);
        await page.waitForTimeout(8);
      }
      await page.waitForTimeout(200);
      const scrolled = await window.end();
      await page.keyboard.press('Home');

      const box = page.locator('input[aria-label="Filter the runs"]');
      await box.click();
      await window.begin();
      const before = await page.locator('h1').first().locator('xpath=../..').innerText();
      const filtered = await window.answer(
        () => page.keyboard.type(FILTER, { delay: 60 }),
        `!document.querySelector('h1').parentElement.parentElement.innerText.includes(${JSON.stringify(before)}) && document.querySelector('input[aria-label*=ilter]').value === '${FILTER}' && [...document.querySelectorAll('[data-row]')].every((row) => row.innerText.includes('${FILTER}'))`,
        ['keydown'],
      );
      const typed = await window.end();
      await box.fill('');
      await page.waitForTimeout(400);

      await window.begin();
      const heading = page.getByRole('columnheader').getByRole('button', { name: 'Accuracy' }).first();
      const sorted = await window.answer(
        () => heading.click(),
        "document.querySelector('th[aria-sort=descending], th[aria-sort=ascending]')?.innerText.includes('Accuracy')",
        ['click'],
      );
      const sorting = await window.end();
      return [
        { what: 'opened', value: opened, unit: 'ms', goal: 1000 },
        { what: 'the host was held up for at most', value: held, unit: 'ms', goal: 100 },
        { what: 'scrolling, median frame', value: frameTimes(scrolled).median, unit: 'ms' },
        { what: 'scrolling, worst frame', value: frameTimes(scrolled).worst, unit: 'ms', goal: 100 },
        { what: 'a letter typed into the filter, worst', value: inputs(typed), unit: 'ms', goal: 100 },
        { what: 'filtered, after the last letter', value: filtered - 60 * (FILTER.length - 1), unit: 'ms' },
        { what: 'sorted', value: sorted, unit: 'ms', goal: 100 },
        {
          what: 'filtering and sorting, worst frame',
          value: worst([frameTimes(typed).worst, frameTimes(sorting).worst]),
          unit: 'ms',
          goal: 100,
        },
      ];
    } finally {
      await window.close();
    }
  },
};

function inputs({ inputs: seen }: { inputs: { milliseconds: number }[] }): number {
  return worst(seen.map(({ milliseconds }) => milliseconds));
}
