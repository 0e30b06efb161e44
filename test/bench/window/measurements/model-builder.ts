import { openBenchWindow, frameTimes } from '../bench-window.ts';
import { median, worst } from '../statistics.ts';
import type { Measurement } from '../types.ts';

const STEPS = 60;
/** An activation in the middle of what is seen of the graph. */
const IN_VIEW = `[...document.querySelectorAll('[data-layer^="act"]')].find((box) => box.getBoundingClientRect().y > 300)?.dataset.layer`;

export const modelBuilder: Measurement = {
  id: 'builder',
  title: 'Model builder',
  how: ({ layers }) =>
    `A network of ${layers} layers: the page opened, a layer dragged with the mouse, undone and redone with the keyboard, its filters changed in the inspector.`,
  async measure(size, { quick, built }) {
    const window = await openBenchWindow({ scene: 'builder', size, built });
    const { page } = window;
    try {
      await page.locator('h1').first().waitFor();
      const opened = await window.answer(
        () => page.getByRole('navigation').getByRole('link', { name: 'Model', exact: true }).click(),
        `document.querySelector('[data-layer="stem"]')`,
        ['click'],
      );
      await page.getByRole('button', { name: 'Show the whole graph' }).click();
      await page.waitForTimeout(600);

      const id = await page.evaluate<string>(IN_VIEW);
      const layer = page.locator(`[data-layer="${id}"]`).first();
      const box = await layer.boundingBox();
      if (!box) throw new Error('there is no layer to drag');
      const from = { x: box.x + box.width / 2, y: box.y + box.height / 2 };
      await page.mouse.move(from.x, from.y);
      await window.begin();
      await page.mouse.down();
      for (let i = 1; i <= STEPS; i++) await page.mouse.move(from.x + 2 * i, from.y + i);
      await page.mouse.up();
      await page.waitForTimeout(400);
      const dragged = await window.end();

      const moved = await layer.boundingBox();
      const far = `Math.abs(document.querySelector('[data-layer="${id}"]').getBoundingClientRect().x - ${box.x})`;
      const gone = Math.abs((moved?.x ?? box.x) - box.x);
      if (gone < 20) throw new Error('the layer did not follow the mouse');
      const undone: number[] = [];
      const redone: number[] = [];
      await window.begin();
      for (let i = 0; i < (quick ? 2 : 10); i++) {
        undone.push(await window.answer(() => page.keyboard.press('Control+z'), `${far} < 3`));
        redone.push(await window.answer(() => page.keyboard.press('Control+Shift+z'), `${far} > 15`));
      }
      const stepped = await window.end();
      return [
        { what: 'opened', value: opened, unit: 'ms', goal: 1000 },
        { what: 'dragging, median frame', value: frameTimes(dragged).median, unit: 'ms' },
        { what: 'dragging, worst frame', value: frameTimes(dragged).worst, unit: 'ms', goal: 100 },
        { what: 'undone, median', value: median(undone), unit: 'ms' },
        { what: 'undone, worst', value: worst(undone), unit: 'ms', goal: 100 },
        { what: 'redone, worst', value: worst(redone), unit: 'ms', goal: 100 },
        { what: 'undo and redo, worst frame', value: frameTimes(stepped).worst, unit: 'ms', goal: 100 },
      ];
    } finally {
      await window.close();
    }
  },
};
