import { afterEach, describe, expect, it } from 'vitest';
import { getIn } from '#shared/base/json-document.ts';
import { planAt } from '#shared/train/moment.ts';
import { TrainingPlanSchema } from '#shared/train/plan.ts';
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
/** Where an epoch lies in a lane of a run of five epochs that is all in view. */
async function placeOf(page: Page, epoch: number, track = 'learningRate'): Promise<{ x: number; y: number }> {
  const box = await page.locator(`[data-track="${track}"]`).boundingBox();
  if (!box) throw new Error(`no ${track}`);
  return { x: box.x + 14 + (epoch / 5) * (box.width - 54), y: box.y + box.height / 2 };
}
const readOff = (page: Page) => page.locator('[data-readout]').innerText();
const epochRead = async (page: Page) => Number((await readOff(page)).match(/epoch ([\d.]+)/)?.[1]);
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

  it('are zoomed and moved with the wheel, around the pointer, and with keys, which let the playhead be followed', async () => {
    const { page } = await start();
    const { x, y } = await placeOf(page, 2);
    await page.mouse.move(x, y);
    expect(await epochRead(page)).toBeCloseTo(2, 1);
    const curve = () => page.locator('[data-track="learningRate"] [data-curve]').getAttribute('d');
    const whole = await curve();
    await page.keyboard.down('Control');
    await page.mouse.wheel(0, -100);
    await page.getByRole('button', { name: 'Earlier' }).waitFor();
    await page.keyboard.up('Control');
    expect(await curve()).not.toBe(whole);
    await page.mouse.move(x, y + 1);
    expect(await epochRead(page)).toBeCloseTo(2, 1);
    await page.keyboard.down('Shift');
    await page.mouse.wheel(0, 100);
    await page.keyboard.up('Shift');
    await expect
      .poll(async () => {
        await page.mouse.move(x, y);
        return epochRead(page);
      })
      .toBeGreaterThan(2.3);
    await page.keyboard.press('0');
    await page.getByRole('button', { name: 'Earlier' }).waitFor({ state: 'hidden' });
    expect(await curve()).toBe(whole);

    // A wheel without Ctrl or Shift scrolls the page, as everywhere.
    await page.mouse.wheel(0, 100);
    expect(await page.getByRole('button', { name: 'Whole run' }).isDisabled()).toBe(true);

    await slider(page, 'Playhead').focus();
    for (const key of ['+', '+', '+', 'End']) await page.keyboard.press(key);
    expect(await epochRead(page)).toBe(5);
    expect(await page.evaluate('document.activeElement?.getAttribute("aria-label")')).toBe('Playhead');
    expect(await slider(page, 'Learning rate: end').isVisible()).toBe(true);
  });

  it('say the exact value of every lane at the step under the pointer, and at the playhead', async () => {
    const test = await start();
    const { page } = test;
    await page.getByRole('textbox', { name: 'From' }).fill('0.01');
    await expect.poll(() => kept(test, 'learningRate', 'initial')).toBe(0.01);
    const plan = TrainingPlanSchema.parse(await kept(test));
    const { x, y } = await placeOf(page, 2.5);
    await page.mouse.move(x, y);
    // 54,000 samples are trained on in batches of 100.
    const step = Number((await readOff(page)).match(/step ([\d,]+)/)?.[1]?.replace(',', ''));
    expect(Math.abs(step - 1350)).toBeLessThan(5);
    const rate = Math.fround(planAt(plan, step / 540).learningRate);
    const shown = page.locator('[data-track="learningRate"] [data-value]');
    expect(Math.fround(Number(await shown.innerText()))).toBe(rate);
    // Said aloud once the pointer rests.
    const spoken = page.getByRole('status', { name: 'Values at this moment' });
    await spoken.getByText(`learning rate ${await shown.innerText()}; weight quantization 1`).waitFor();

    await page.mouse.move(5, 5);
    await shown.waitFor({ state: 'hidden' });
    await slider(page, 'Playhead').focus();
    await page.keyboard.press('Alt+ArrowRight');
    expect(await readOff(page)).toMatch(/step 1$/);
    const second = Math.fround(planAt(plan, 1 / 540).learningRate);
    expect(Math.fround(Number(await shown.innerText()))).toBe(second);
    await spoken.getByText(/^Epoch 0\.00185\d*, step 1: .*; not pruned; nothing frozen\.$/).waitFor();
  });

  it('freeze from a moment that is dragged, moved with keys, typed, and taken out', async () => {
    const test = await start();
    const { page } = test;
    await page.getByRole('button', { name: 'Frozen', exact: true }).click();
    const typed = page.getByRole('textbox', { name: 'Batch norm from epoch' });
    await typed.fill('2');
    const handle = slider(page, 'Batch norm frozen from');
    await handle.waitFor();
    const five = (await placeOf(page, 1)).x - (await placeOf(page, 0)).x;
    await drag(page, 'Batch norm frozen from', { x: five + 6, y: 0 });
    await expect.poll(() => kept(test, 'freeze', 'batchNorm')).toBe(3);
    expect(await typed.inputValue()).toBe('3');
    await drag(page, 'Batch norm frozen from', { x: five, y: 0 }, 'Escape');
    expect(await typed.inputValue()).toBe('3');
    await drag(page, 'Batch norm frozen from', { x: five * 9, y: 0 });
    expect(await typed.inputValue()).toBe('5');

    await handle.focus();
    for (const key of ['ArrowLeft', 'Shift+ArrowLeft', 'ArrowUp', 'Alt+ArrowRight']) {
      await page.keyboard.press(key);
    }
    await expect.poll(() => kept(test, 'freeze', 'batchNorm')).toBe(1.1);
    await page
      .getByRole('img', { name: 'Batch norm frozen: epoch 1.1 to 5; Quantizers frozen: never' })
      .waitFor();
    await page.keyboard.press('Delete');
    await expect.poll(() => kept(test, 'freeze', 'batchNorm')).toBeUndefined();
    await handle.waitFor({ state: 'hidden' });
    expect(await page.evaluate('document.activeElement?.textContent.trim()')).toBe('Frozen');

    await typed.fill('-1');
    await page
      .getByText(/"training\.freeze\.batchNorm"/)
      .first()
      .waitFor();
    await page.getByRole('group', { name: 'Frozen' }).getByText('drawn as it was').waitFor();
  });

  it('say which typed values are out of range, and hold the playhead within the run', async () => {
    const { page } = await start();
    const dashed = page.getByText('drawn as it was');
    for (const [name, value, right] of [
      ['From', '0', '0.01'],
      ['From', '2000000', '0.01'],
      ['To', '-1', '1e-5'],
    ] as const) {
      const field = page.getByRole('textbox', { name, exact: true });
      await field.fill(value);
      await dashed.waitFor();
      await page
        .getByText(/"training\.learningRate\./)
        .first()
        .waitFor();
      await field.fill(right);
      await dashed.waitFor({ state: 'hidden' });
    }
    const choose = (name: string) =>
      page.getByRole('group', { name }).getByRole('button', { name, exact: true }).click();
    await choose('Weight quantization');
    await page.getByRole('textbox', { name: 'Value' }).fill('1.5');
    await page
      .getByText(/"training\.weightQuantization/)
      .first()
      .waitFor();
    await page.getByRole('textbox', { name: 'Value' }).fill('1');
    await dashed.waitFor({ state: 'hidden' });
    await page.getByRole('textbox', { name: 'Epochs', exact: true }).fill('0');
    await page
      .getByText(/"training\.epochs"/)
      .first()
      .waitFor();
    await page.getByRole('textbox', { name: 'Epochs', exact: true }).fill('5');
    await page.getByRole('textbox', { name: 'Epoch of the playhead' }).fill('99');
    await expect.poll(() => slider(page, 'Playhead').getAttribute('aria-valuenow')).toBe('5');
  });

  it('are changed by commands, from the palette and by their keys, which the list of shortcuts names', async () => {
    const test = await start();
    const { page } = test;
    await slider(page, 'Playhead').focus();
    await page.keyboard.press('ArrowRight');
    await page.keyboard.press('p');
    await slider(page, 'Learning rate: point 2').waitFor();
    expect(await said(page, 'Learning rate: point 2')).toMatch(/^epoch 1, /);
    const toggled = (name: string) => page.getByRole('switch', { name }).getAttribute('aria-checked');
    const before = [await toggled('Snap'), await toggled('Log rate')];
    // An open list takes letters for its own.
    await page.getByRole('combobox', { name: 'Kind of schedule' }).click();
    await page.getByRole('option', { name: 'One cycle' }).waitFor();
    await page.keyboard.press('s');
    await page.keyboard.press('Escape');
    await page.getByRole('option', { name: 'One cycle' }).waitFor({ state: 'hidden' });
    expect([await toggled('Snap'), await toggled('Log rate')]).toEqual(before);
    await slider(page, 'Playhead').focus();
    await page.keyboard.press('s');
    await page.keyboard.press('l');
    expect([await toggled('Snap'), await toggled('Log rate')]).not.toEqual(before);
    await page.keyboard.press('t');
    await page.getByRole('region', { name: 'Values of the schedules' }).waitFor();
    await page.keyboard.press('t');
    await page.keyboard.press('Shift+P');
    await page.getByRole('region', { name: 'Phase 1' }).waitFor();
    await page.keyboard.press('?');
    const list = page.getByRole('dialog', { name: 'Keyboard shortcuts' });
    await list.getByText('Zoom in at the playhead').waitFor();
    await list.getByText('Undo: Add a phase').waitFor();
    await page.keyboard.press('Escape');

    await page.keyboard.press('Control+k');
    await page.keyboard.type('Undo: Add a ph');
    await page.getByRole('option', { name: /^Undo: Add a phase/ }).waitFor();
    await page.keyboard.press('Enter');
    await expect.poll(() => kept(test, 'phases')).toBeUndefined();
    await page.keyboard.press('Control+k');
    await page.keyboard.type('Choose a plan');
    await page.getByRole('option', { name: /^Choose a plan to start from/ }).waitFor();
    await page.keyboard.press('Enter');
    await page.getByRole('dialog', { name: 'Plans to start from' }).waitFor();
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
