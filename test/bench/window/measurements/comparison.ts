import { openBenchWindow, frameTimes, type BenchWindow } from '../bench-window.ts';
import { worst } from '../statistics.ts';
import type { Figure, Measurement } from '../types.ts';

const RUNS = 10;
/** All charts lie in view at once: a chart out of view is not drawn, and would make it look fast. */
const SCREEN = { width: 2560, height: 1440 };

/** Charts that are drawn with all their lines: a chart's name says the first eight and how many more. */
const drawn = (charts: number) =>
  `[...document.querySelectorAll('[role=img][tabindex]')].filter((plot) => plot.querySelector('canvas') && /and ${RUNS - 8} more/.test(plot.ariaLabel)).length >= ${charts}`;
const PLOT = '[role=img][tabindex]';

export const comparison: Measurement = {
  id: 'comparison',
  title: 'Comparison',
  how: ({ series, points }) =>
    `${RUNS} runs × ${series} charts × ${points.toLocaleString('en')} points, all charts in view on ${SCREEN.width} × ${SCREEN.height}. From the click that selects the runs to the picture with all charts and all their lines; panned with the mouse, zoomed with the wheel.`,
  async measure(size, { quick, built }) {
    const window = await openBenchWindow({
      scene: 'curves',
      size: { ...size, runs: RUNS },
      screen: SCREEN,
      built,
    });
    try {
      const figures = await open(window, size.series);
      return [...figures, ...(await move(window, quick ? 20 : 150))];
    } finally {
      await window.close();
    }
  },
};

async function open(window: BenchWindow, charts: number): Promise<Figure[]> {
  const { page, host } = window;
  await window.open('/runs');
  const rows = page.locator('[data-row]');
  // The focus, not the selection: the comparison opens with the one click that is measured.
  await rows.first().waitFor();
  await rows.first().click();
  await page.locator(PLOT).first().waitFor();
  await host.ask({ ask: 'watch' });
  const first = await window.answer(() => rows.nth(RUNS - 1).click({ modifiers: ['Shift'] }), drawn(charts), [
    'click',
  ]);
  const { worst: held } = await host.ask({ ask: 'delay' });
  await window.open('/');
  const again = await window.answer(
    () => page.getByRole('navigation').getByRole('link', { name: 'Runs', exact: true }).click(),
    drawn(charts),
    ['click'],
  );
  return [
    { what: 'opened for the first time', value: first, unit: 'ms', goal: 1000 },
    { what: 'opened again from another page', value: again, unit: 'ms', goal: 1000 },
    { what: 'the host was held up for at most', value: held, unit: 'ms', goal: 100 },
  ];
}

/** Moves the mouse as a hand does: many small steps, each as soon as the one before was taken. */
async function move(window: BenchWindow, steps: number): Promise<Figure[]> {
  const { page } = window;
  const box = await page.locator(PLOT).first().boundingBox();
  if (!box) throw new Error('there is no chart to move');
  const middle = { x: box.x + box.width / 2, y: box.y + box.height / 2 };
  await page.mouse.move(middle.x, middle.y);

  await window.begin();
  await page.keyboard.down('Control');
  for (let i = 0; i < steps; i++) {
    await page.mouse.wheel(0, i % 50 < 30 ? -60 : 60);
    await page.waitForTimeout(8);
  }
  await page.keyboard.up('Control');
  await page.waitForTimeout(400);
  const zoomed = await window.end();

  await page.mouse.move(middle.x, middle.y);
  await window.begin();
  await page.keyboard.down('Shift');
  await page.mouse.down();
  for (let i = 0; i < 2 * steps; i++) {
    await page.mouse.move(middle.x + 0.4 * box.width * Math.sin(i / 12), middle.y);
  }
  await page.mouse.up();
  await page.keyboard.up('Shift');
  await page.waitForTimeout(400);
  const panned = await window.end();
  return [
    { what: 'zooming, median frame', value: frameTimes(zoomed).median, unit: 'ms' },
    { what: 'zooming, worst frame', value: frameTimes(zoomed).worst, unit: 'ms', goal: 100 },
    { what: 'panning, median frame', value: frameTimes(panned).median, unit: 'ms' },
    { what: 'panning, worst frame', value: frameTimes(panned).worst, unit: 'ms', goal: 100 },
    {
      what: 'longest computation while moving',
      value: worst([0, ...zoomed.tasks, ...panned.tasks]),
      unit: 'ms',
    },
  ];
}
