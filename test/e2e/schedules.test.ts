import { afterEach, describe, expect, it } from 'vitest';
import { getIn } from '#shared/base/json-document.ts';
import { findChromium } from '#test/support/chromium.ts';
import { violationsOf } from './fixtures/axe.ts';
import { openTestWindow, type TestWindow } from './fixtures/window.ts';

const noBrowser = findChromium() === undefined;
const reason = noBrowser ? ' (skipped: no Chromium here)' : '';
let window: TestWindow | undefined;
afterEach(async () => {
  const problems = window?.problems ?? [];
  await window?.close();
  window = undefined;
  expect(problems).toEqual([]);
});

async function start(options: Parameters<typeof openTestWindow>[0] = {}): Promise<TestWindow> {
  window = await openTestWindow({ runs: 2, ...options });
  await window.open('/schedules');
  await window.page.getByRole('group', { name: 'Learning rate' }).waitFor();
  return window;
}
type Page = TestWindow['page'];
const slider = (page: Page, name: string | RegExp) => page.getByRole('slider', { name, exact: true });
const undo = (page: Page) => page.getByRole('button', { name: /^Undo/ });
const said = async (page: Page, name: string) =>
  (await slider(page, name).getAttribute('aria-valuetext')) ?? '';

/** The training document that the host keeps, once it has come there. */
async function kept({ host }: TestWindow, ...keys: (string | number)[]): Promise<unknown> {
  const [first] = await host.services.draft.list({});
  if (!first) return undefined;
  const { document } = await host.services.draft.read({ draft: first.id });
  return getIn(document, ['training', ...keys]);
}
async function drag(page: Page, name: string, by: { x: number; y: number }, press?: string): Promise<void> {
  const box = await slider(page, name).boundingBox();
  if (!box) throw new Error(`no ${name}`);
  const [x, y] = [box.x + box.width / 2, box.y + box.height / 2];
  await page.mouse.move(x, y);
  await page.mouse.down();
  await page.mouse.move(x + by.x / 2, y + by.y / 2);
  await page.mouse.move(x + by.x, y + by.y);
  if (press) await page.keyboard.press(press);
  await page.mouse.up();
}
async function fourPhases(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Plans …' }).click();
  await page.getByRole('button', { name: /^Full precision → quantize/ }).click();
  await page.getByRole('button', { name: 'quantize 2 epochs' }).waitFor();
}

describe.skipIf(noBrowser)(`Schedules${reason}`, () => {
  it('are drawn by mouse: a point dragged is one step of undo, and Escape calls it off', async () => {
    const test = await start();
    const { page } = test;
    await drag(page, 'Learning rate: begin', { x: 230, y: 40 });
    await expect.poll(() => kept(test, 'learningRate', 'begin')).toBe(2);
    expect(await said(page, 'Learning rate: begin')).toMatch(/^epoch 2, 0\.00\d+$/);
    const initial = await kept(test, 'learningRate', 'initial');
    expect(initial).toBeLessThan(0.005);
    // The typed twin says the same.
    expect(await page.getByRole('textbox', { name: 'Begin' }).inputValue()).toBe('2');
    await undo(page).click();
    expect(await said(page, 'Learning rate: begin')).toBe('epoch 0, 0.005');
    expect(await undo(page).isDisabled()).toBe(true);

    await drag(page, 'Learning rate: begin', { x: 200, y: 0 }, 'Escape');
    expect(await said(page, 'Learning rate: begin')).toBe('epoch 0, 0.005');
    expect(await undo(page).isDisabled()).toBe(true);

    await page.locator('[data-track="regularization"]').dblclick({ position: { x: 200, y: 70 } });
    await slider(page, 'Regularization: point 2').waitFor();
    await expect.poll(() => kept(test, 'regularization', 'kind')).toBe('piecewise');
  });

  it('have phases that are resized and moved by mouse', async () => {
    const test = await start();
    const { page } = test;
    await fourPhases(page);
    await drag(page, 'Length of quantize', { x: 95, y: 0 });
    await page.getByRole('button', { name: 'quantize 3 epochs' }).waitFor();
    await page.getByText('7 epochs', { exact: true }).waitFor();
    const prune = await page
      .getByRole('button', { name: 'prune 1 epoch', exact: false })
      .first()
      .boundingBox();
    if (!prune) throw new Error('no phase');
    await page.mouse.move(prune.x + 20, prune.y + 10);
    await page.mouse.down();
    await page.mouse.move(prune.x - 200, prune.y + 10, { steps: 3 });
    await page.mouse.move(prune.x - 250, prune.y + 10);
    await page.mouse.up();
    await expect.poll(() => kept(test, 'phases', 1, 'name')).toBe('prune');
    await page.getByRole('region', { name: 'Phase 2' }).waitFor();
    for (let i = 0; i < 3; i++) await undo(page).click();
    await expect.poll(() => kept(test, 'phases')).toBeUndefined();
  });

  it('are set with the keyboard alone', async () => {
    const test = await start();
    const { page } = test;
    await slider(page, 'Learning rate: end').focus();
    await page.keyboard.press('ArrowLeft');
    expect(await said(page, 'Learning rate: end')).toBe('epoch 4, 1e−5');
    await page.keyboard.press('Shift+ArrowUp');
    await expect.poll(() => kept(test, 'learningRate', 'end')).toBe(4);
    expect(Number(await kept(test, 'learningRate', 'final'))).toBeGreaterThan(1e-5);
    await page.keyboard.press('Control+z');
    expect(await said(page, 'Learning rate: end')).toBe('epoch 5, 1e−5');

    await page.getByRole('button', { name: 'Add a phase' }).focus();
    await page.keyboard.press('Enter');
    await page.keyboard.press('Enter');
    await slider(page, 'Length of fine-tune').focus();
    await page.keyboard.press('ArrowRight');
    await expect.poll(() => kept(test, 'phases', 1, 'epochs')).toBe(4);
    await page.getByRole('button', { name: 'fine-tune 4 epochs' }).focus();
    await page.keyboard.press('Alt+ArrowLeft');
    await expect.poll(() => kept(test, 'phases', 0, 'name')).toBe('fine-tune');
    await page.getByRole('button', { name: 'Later' }).focus();
    await page.keyboard.press('Enter');
    await expect.poll(() => kept(test, 'phases', 1, 'name')).toBe('fine-tune');

    await slider(page, 'Playhead').focus();
    await page.keyboard.press('ArrowRight');
    await page.getByText('step 540', { exact: true }).waitFor();
    await page.keyboard.press('+');
    await page.getByRole('button', { name: 'Later' }).first().waitFor();
  });

  it('keep what is typed wrongly, say what is wrong, and go on drawing what was right', async () => {
    const test = await start();
    const { page } = test;
    const curve = () => page.locator('[data-track="learningRate"] [data-curve]').getAttribute('d');
    const before = await curve();
    await page.getByRole('textbox', { name: 'From' }).fill('1e-');
    await page.getByText(/"training\.learningRate\.initial" is "1e-"/).waitFor();
    await page.getByText('drawn as it was').waitFor();
    expect(await curve()).toBe(before);
    expect(await slider(page, /^Learning rate/).count()).toBe(0);
    await page.getByRole('group', { name: 'Sparsity' }).getByRole('button', { name: 'Sparsity' }).click();
    // The problem leads back to its field.
    await page.getByRole('button', { name: '1 problem' }).click();
    await page.getByRole('menuitem').click();
    await expect.poll(() => page.evaluate('document.activeElement?.value')).toBe('1e-');
    await page.keyboard.type('3');
    await page.getByText('drawn as it was').waitFor({ state: 'hidden' });
    expect(await curve()).not.toBe(before);
    await page.getByRole('textbox', { name: 'End' }).fill('0');
    await page.getByText(/cannot go back in time/).waitFor();
  });

  it('begin with presets, change their kind, and are pruned', async () => {
    const test = await start();
    const { page } = test;
    await page.getByRole('button', { name: /^Warm-up and cosine/ }).click();
    await slider(page, 'Learning rate: end of the warm-up').waitFor();
    await page.getByText(/^value\(e\) = 1e−5/).waitFor();
    await page.getByRole('combobox', { name: 'Kind of schedule' }).click();
    await page.getByRole('option', { name: 'One cycle' }).click();
    expect(await said(page, 'Learning rate: peak')).toBe('epoch 0.5, 0.01');
    await undo(page).click();
    await undo(page).click();
    expect(await undo(page).isDisabled()).toBe(true);

    await page.getByRole('group', { name: 'Sparsity' }).getByRole('button', { name: 'Sparsity' }).click();
    await page.getByRole('combobox', { name: 'Pruning' }).click();
    await page.getByRole('option', { name: 'Along a schedule' }).click();
    await slider(page, 'Sparsity: power').waitFor();
    await page.getByRole('combobox', { name: 'Pruning' }).click();
    await page.getByRole('option', { name: /^In rounds/ }).click();
    await page.getByRole('group', { name: 'Phases' }).getByText('Rounds').waitFor();
    await expect.poll(() => kept(test, 'pruning', 'sparsity')).toBeUndefined();
  });
});

describe.skipIf(noBrowser).each(['light', 'dark'] as const)(
  `accessibility of the schedules, %s${reason}`,
  (theme) => {
    it('has no violation', async () => {
      const { page } = await start({
        before: (one) => one.emulateMedia({ colorScheme: theme, reducedMotion: 'reduce' }),
      });
      expect(await violationsOf(page)).toEqual([]);
      await page.getByRole('button', { name: 'Plans …' }).click();
      await page.getByRole('button', { name: /^Full precision → quantize/ }).waitFor();
      expect(await violationsOf(page)).toEqual([]);
      await page.keyboard.press('Escape');
      await fourPhases(page);
      await page.getByRole('group', { name: 'Sparsity' }).getByRole('button', { name: 'Sparsity' }).click();
      await page.getByRole('textbox', { name: 'Value' }).fill('2');
      await page.getByText('drawn as it was').waitFor();
      expect(await violationsOf(page)).toEqual([]);
      await page.getByRole('button', { name: 'quantize 2 epochs' }).click();
      await page.getByRole('button', { name: 'Show the values as a table' }).click();
      expect(await violationsOf(page)).toEqual([]);
    });
  },
);
