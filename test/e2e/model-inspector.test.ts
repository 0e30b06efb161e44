import type { Page } from 'playwright-core';
import { afterEach, describe, expect, it } from 'vitest';
import type { Draft } from '#shared/draft/draft.ts';
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

/** Binary maps that are padded with zeros: there is something to advise. */
const LAYERS = [
  { id: 'conv1', kind: 'conv2d', filters: 8, kernel: 3 },
  { id: 'norm1', kind: 'batch-norm' },
  { id: 'sign1', kind: 'activation', activations: { method: 'bnn' } },
  { id: 'conv2', kind: 'conv2d', filters: 8, kernel: 3, weights: { method: 'bnn' } },
  { id: 'norm2', kind: 'batch-norm' },
  { id: 'act2', kind: 'activation' },
  { id: 'flat', kind: 'flatten' },
  { id: 'out', kind: 'dense', units: 10 },
];
const DRAFT = {
  id: 'small',
  revision: 0,
  document: {
    name: 'small',
    dataset: { name: 'mnist' },
    model: { version: 1, name: 'small', input: { shape: [28, 28, 1] }, layers: LAYERS },
    quantization: { weights: { method: 'twn' }, activations: { method: 'gxnor' } },
  },
  canvas: { places: {}, groups: [] },
  unreadable: {},
  parent: null,
} as unknown as Draft;

async function start(scheme: 'light' | 'dark' = 'light'): Promise<TestWindow> {
  window = await openTestWindow({
    before: (page) => page.emulateMedia({ colorScheme: scheme, reducedMotion: 'reduce' }),
  });
  await window.host.services.draft.write({ draft: DRAFT });
  await window.open('/model');
  await window.page.locator('[data-layer="conv1"]').waitFor();
  return window;
}
interface Kept {
  model: { name: string; layers: Record<string, unknown>[] };
  quantization: Record<string, unknown>;
}
/** What the host keeps. */
async function kept({ host }: TestWindow): Promise<Kept & { unreadable: Draft['unreadable'] }> {
  const { document, unreadable } = await host.services.draft.read({ draft: 'small' });
  return { ...(document as unknown as Kept), unreadable: unreadable ?? {} };
}
const layer = async (one: TestWindow, id: string) =>
  (await kept(one)).model.layers.find((candidate) => candidate.id === id);

const inspector = (page: Page) => page.getByRole('complementary', { name: 'Inspector' });
const json = (page: Page) => page.getByRole('textbox', { name: 'Network as JSON' });
/** A box may be outside of what the canvas shows: the keyboard reaches it all the same. */
async function select(page: Page, id: string, key: 'Space' | 'Shift+Space' = 'Space'): Promise<void> {
  await page.locator(`[data-layer="${id}"]`).press(key);
}

describe.skipIf(noBrowser)(`Model inspector${reason}`, () => {
  it('changes a layer with the keyboard only, and says what is wrong where it is typed', async () => {
    const one = await start();
    const { page } = one;
    await page.locator('[data-layer="input"]').focus();
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Enter');
    const filters = inspector(page).getByLabel('Filters');
    await filters.waitFor();
    const field = () => page.evaluate('document.activeElement?.closest("[data-field]")?.dataset.field');
    for (let i = 0; i < 20 && (await field()) !== 'filters'; i++) await page.keyboard.press('Tab');
    await page.keyboard.press('Control+A');
    await page.keyboard.type('2x');
    await inspector(page).getByText(/"2x"/).waitFor();
    expect(await filters.inputValue()).toBe('2x');
    expect(await filters.getAttribute('aria-invalid')).toBe('true');
    await expect.poll(async () => (await layer(one, 'conv1'))?.filters).toBe('2x');
    await page.keyboard.press('Control+A');
    await page.keyboard.type('24');
    await page.keyboard.press('ArrowUp');
    await expect.poll(async () => (await layer(one, 'conv1'))?.filters).toBe(25);
    expect(await inspector(page).getByText('"filters" is').count()).toBe(0);
    await page.locator('[data-layer="conv1"]').getByText('28×28×25').waitFor();
  });

  it('renames a layer, and those that read it follow; a taken id stays in the field and says so', async () => {
    const one = await start();
    const { page } = one;
    await select(page, 'sign1');
    const id = inspector(page).getByLabel('Id');
    await id.fill('conv1');
    await id.press('Enter');
    await inspector(page).getByText('"conv1" is taken.').waitFor();
    expect((await layer(one, 'sign1'))?.kind).toBe('activation');
    await id.fill('binary');
    await id.press('Enter');
    await expect.poll(async () => (await layer(one, 'binary'))?.kind).toBe('activation');
    await inspector(page).getByRole('heading', { name: 'binary' }).waitFor();
  });

  it('gives one layer LSQ weights of 3 bits, shows its curve, and the network’s method again', async () => {
    const one = await start();
    const { page } = one;
    await select(page, 'conv1');
    const panel = inspector(page);
    await panel.getByText('From the network.').waitFor();
    await panel.getByRole('figure', { name: 'Curve of Weights of conv1' }).getByText('3 levels').waitFor();
    await panel.getByRole('button', { name: /^Weights of conv1: TWN 2 bits choose/ }).click();
    const find = page.getByRole('combobox', { name: 'Find among the methods for weights' });
    await find.fill('esser');
    await page.getByRole('region', { name: 'The chosen method' }).getByText('v_q = s · clip').waitFor();
    await find.press('Enter');
    await expect.poll(async () => (await layer(one, 'conv1'))?.weights).toEqual({ method: 'lsq' });
    await panel.getByLabel('Bits', { exact: true }).fill('9');
    await panel.getByText('No curve while a parameter is wrong').waitFor();
    await panel.getByLabel('Bits', { exact: true }).fill('3');
    await expect.poll(async () => (await layer(one, 'conv1'))?.weights).toEqual({ method: 'lsq', bits: 3 });
    await panel.getByText('8 levels').waitFor();
    await panel.getByRole('button', { name: 'Curve of Weights of conv1: show the numbers' }).click();
    expect(await panel.getByRole('row').count()).toBe(9);
    await panel.getByRole('button', { name: 'Equations and paper of LSQ' }).click();
    await panel.getByText('https://arxiv.org/abs/1902.08153').waitFor();
    await panel.getByRole('button', { name: 'Use the network’s' }).click();
    await expect.poll(async () => (await layer(one, 'conv1'))?.weights).toBeUndefined();
  });

  it('says which methods do not fit and why, and does not give them', async () => {
    const one = await start();
    const { page } = one;
    await select(page, 'act2');
    // Signs into a residual sum: Bi-Real Net is another network then.
    await json(page).waitFor({ state: 'detached' });
    await page.getByRole('button', { name: 'JSON', exact: true }).click();
    const { model } = await kept(one);
    const residual = [
      ...LAYERS.slice(0, 6),
      { id: 'sum', kind: 'add', inputs: ['sign1', 'act2'] },
      ...LAYERS.slice(6).map((last) => (last.id === 'flat' ? { ...last, inputs: ['sum'] } : last)),
    ];
    await json(page).fill(JSON.stringify({ ...model, layers: residual }));
    await page.locator('[data-layer="sum"]').waitFor();
    await inspector(page)
      .getByRole('button', { name: /^Activation of act2: .*choose a method/ })
      .click();
    await page.getByRole('combobox', { name: /^Find among/ }).fill('bi-real');
    await page.getByText('It does not fit here:').waitFor();
    expect(await page.getByRole('button', { name: 'Use Bi-Real Net' }).isDisabled()).toBe(true);
    await page.keyboard.press('Enter');
    await page.keyboard.press('Escape');
    await page.keyboard.press('Escape');
    expect(await layer(one, 'act2')).not.toHaveProperty('activations');
  });

  it('follows an advice by its button, and changes several layers at once', async () => {
    const one = await start();
    const { page } = one;
    const panel = inspector(page);
    const advice = panel.getByRole('list', { name: 'Problems and advice' });
    await advice.getByText('makes a third value at the border').waitFor();
    await advice.getByRole('button', { name: 'conv2' }).first().click();
    await panel.getByRole('button', { name: 'Pad with −1' }).click();
    await expect.poll(async () => (await layer(one, 'conv2'))?.padValue).toBe('minus-one');
    await select(page, 'conv1', 'Shift+Space');
    await panel.getByRole('heading', { name: '2 layers', exact: true }).waitFor();
    expect(await panel.getByLabel('Filters').inputValue()).toBe('8');
    await panel.getByLabel('Filters').fill('16');
    await expect
      .poll(async () => (await kept(one)).model.layers.map(({ filters }) => filters).filter(Boolean))
      .toEqual([16, 16]);
    await page.getByRole('button', { name: /^Undo/ }).click();
    await expect.poll(async () => (await layer(one, 'conv1'))?.filters).toBe(8);
  });

  it('sets the methods of the network and of its last layer', async () => {
    const one = await start();
    const { page } = one;
    const panel = inspector(page);
    await panel.getByLabel('Factor').fill('0.5');
    await expect
      .poll(async () => (await kept(one)).quantization.weights)
      .toEqual({ method: 'twn', factor: 0.5 });
    await panel.getByRole('button', { name: 'First and last layer' }).click();
    await panel.getByRole('button', { name: /^Weights of the last layer: TWN/ }).click();
    await page.getByRole('combobox', { name: /^Find among/ }).fill('int8');
    await page.getByRole('button', { name: 'Use int8' }).click();
    await expect
      .poll(async () => (await kept(one)).quantization.lastLayer)
      .toEqual({ weights: { method: 'int8' } });
    await select(page, 'out');
    await panel.getByText('From the rule for the last layer.').waitFor();
  });

  it('is the same as JSON, both ways, with a mistake in between that is kept', async () => {
    const one = await start();
    const { page } = one;
    await page.getByRole('button', { name: 'JSON', exact: true }).click();
    const { model } = await kept(one);
    const wider = model.layers.map((entry) => (entry.id === 'conv1' ? { ...entry, filters: 12 } : entry));
    const text = JSON.stringify({ ...model, layers: wider }, null, 2);
    await json(page).fill(text);
    await page.locator('[data-layer="conv1"]').getByText('28×28×12').waitFor();
    await json(page).fill(`${text.slice(0, -1)},\n}`);
    await page.getByText('The text of the network is no JSON now.').waitFor();
    await page.locator('[data-layer="conv1"]').getByText('28×28×12').waitFor();
    await expect.poll(async () => (await kept(one)).unreadable.model).toContain(',\n}');
    await page.getByRole('button', { name: 'Discard the text' }).click();
    await json(page).getByText('"conv1"').waitFor();
    await select(page, 'conv1');
    await inspector(page).getByLabel('Filters').fill('0');
    const problems = page.getByRole('list', { name: 'Problems in Network as JSON' });
    await problems.getByText('conv1: "filters" is 0').waitFor();
    await json(page).getByText('"filters": 0').waitFor();
    await inspector(page).getByLabel('Filters').fill('8');
    await problems.waitFor({ state: 'detached' });
    await select(page, 'out');
    await json(page).getByText('"units"').waitFor();
  });

  it('imports a network file, and refuses one that holds none', async () => {
    const one = await start();
    const { page } = one;
    await page.getByRole('button', { name: 'JSON', exact: true }).click();
    const file = (name: string, content: unknown) => ({
      name,
      mimeType: 'application/json',
      buffer: Buffer.from(JSON.stringify(content)),
    });
    const choose = page.getByLabel('Network file');
    await choose.setInputFiles(file('letter.json', { dear: 'friend' }));
    await page.getByText('letter.json holds no network').first().waitFor();
    const { model } = await kept(one);
    await choose.setInputFiles(file('run.json', { model: { ...model, name: 'imported' } }));
    await expect.poll(async () => (await kept(one)).model.name).toBe('imported');
  });

  for (const scheme of ['light', 'dark'] as const) {
    it(`has no violation of the accessibility rules, ${scheme}`, async () => {
      const { page } = await start(scheme);
      const panel = inspector(page);
      await panel.getByRole('list', { name: 'Problems and advice' }).waitFor();
      await page.getByRole('button', { name: 'JSON', exact: true }).click();
      await json(page).waitFor();
      expect(await violationsOf(page)).toEqual([]);
      await select(page, 'conv2');
      await panel.getByLabel('Filters').fill('none');
      await panel.getByRole('button', { name: /^Equations and paper/ }).click();
      await panel.getByRole('button', { name: /show the numbers/ }).click();
      expect(await violationsOf(page)).toEqual([]);
      await select(page, 'conv1', 'Shift+Space');
      await panel.getByRole('heading', { name: '2 layers', exact: true }).waitFor();
      await panel.getByRole('button', { name: /choose a method/ }).click();
      await page.getByRole('dialog').getByText('In the firmware').waitFor();
      expect(await violationsOf(page)).toEqual([]);
      await page.keyboard.press('Escape');
      await panel.getByRole('button', { name: 'Network', exact: true }).click();
      await panel.getByRole('button', { name: 'All methods' }).click();
      await page.getByRole('combobox', { name: 'Method to compare with' }).click();
      await page.getByRole('option', { name: 'LSQ' }).click();
      await page.getByRole('figure', { name: 'Curve of LSQ, weights' }).waitFor();
      expect(await violationsOf(page)).toEqual([]);
    });
  }
});
