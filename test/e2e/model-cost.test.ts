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
  // Among them would be a worker that the page's policy refuses.
  expect(problems).toEqual([]);
});

const LAYERS = [
  { id: 'conv1', kind: 'conv2d', filters: 8, kernel: 3, weights: { method: 'int8' } },
  { id: 'norm1', kind: 'batch-norm' },
  { id: 'act1', kind: 'activation' },
  { id: 'flat', kind: 'flatten' },
  { id: 'out', kind: 'dense', units: 10 },
];
const draftOf = (layers: object[]) =>
  ({
    id: 'small',
    revision: 0,
    document: {
      name: 'small',
      dataset: { name: 'mnist' },
      model: { version: 1, name: 'small', input: { shape: [28, 28, 1] }, layers },
      quantization: { weights: { method: 'twn' }, activations: { method: 'gxnor' } },
    },
    canvas: { places: {}, groups: [] },
    unreadable: {},
    parent: null,
    replicates: 1,
  }) as unknown as Draft;

async function start(
  options: { scheme?: 'light' | 'dark'; target?: string; layers?: object[] } = {},
): Promise<TestWindow> {
  const { scheme = 'light', target = 'stm32f401re', layers = LAYERS } = options;
  window = await openTestWindow({
    before: (page) => page.emulateMedia({ colorScheme: scheme, reducedMotion: 'reduce' }),
  });
  await window.host.services.draft.write({ draft: draftOf(layers) });
  await window.host.services.setting.write({ patch: { target } });
  await window.open('/model');
  await window.page.locator('[data-layer="conv1"]').waitFor();
  return window;
}
/** The line under the graph. */
const verdict = (page: Page) => page.getByRole('region', { name: 'Fit of the network' });
const inspector = (page: Page) => page.getByRole('complementary', { name: 'Inspector' });
const row = (page: Page, layer: string) =>
  page.getByRole('region', { name: 'Table of costs' }).getByRole('row', { name: new RegExp(`^${layer}\\b`) });
async function choosePart(page: Page, words: string): Promise<void> {
  await inspector(page).getByLabel('Microcontroller').click();
  await page.getByPlaceholder('Find a microcontroller').fill(words);
  await page.getByRole('option').first().waitFor();
  await page.keyboard.press('Enter');
}

describe.skipIf(noBrowser)(`Cost in the model builder${reason}`, () => {
  it('counts the front end of a data set of sound, in the table and in the memories', async () => {
    window = await openTestWindow();
    const { page, host, open } = window;
    await host.services.dataset.import({ path: '/data/sounds', kind: 'wav', name: 'sounds' });
    const draft = draftOf(LAYERS.map((layer) => (layer.id === 'out' ? { ...layer, units: 3 } : layer)));
    const document = draft.document as { dataset: object; model: { input: object } };
    document.dataset = { name: 'sounds' };
    document.model.input = { shape: [49, 40, 1] };
    await expect
      .poll(async () => (await host.services.dataset.list({})).map(({ name }) => name))
      .toContain('sounds');
    await host.services.draft.write({ draft });
    await host.services.setting.write({ patch: { target: 'stm32f401re' } });
    await open('/model');
    await page.locator('[data-layer="conv1"]').waitFor();
    await page.getByRole('button', { name: 'Cost', exact: true }).first().click();
    const front = row(page, 'Sound front end');
    await front.getByText('40 log-mel bands, 30 ms every 20 ms, 16000 Hz').waitFor();
    const memories = await front.getByText(/^[\d.]+ KiB$/).allTextContents();
    expect(memories).toHaveLength(2);
    await inspector(page).getByText(`sound front end ${memories[0]}`).waitFor();
  });

  it('says what the network takes, follows an edit and its undo, and turns around for a small part', async () => {
    const { page, host } = await start();
    await verdict(page)
      .getByText(/^Fits STM32F401RE: .* KiB of flash and .* KiB of RAM left$/)
      .waitFor();
    const before = await verdict(page).textContent();
    const box = page.locator('[data-layer="out"]');
    const small = await box.getByTitle(/^Flash: /).getAttribute('title');

    await page.getByRole('button', { name: 'Cost', exact: true }).first().click();
    await row(page, 'out').getByText('62,720').first().waitFor();
    await row(page, 'conv1').getByRole('button', { name: 'conv1' }).click();
    await inspector(page).getByRole('heading', { name: 'conv1' }).waitFor();
    await inspector(page).getByText('72 at 8 bit').waitFor();
    await inspector(page).getByRole('textbox', { name: 'Filters' }).fill('32');
    await expect.poll(() => verdict(page).textContent()).not.toBe(before);
    await verdict(page)
      .getByText(/^Fits STM32F401RE/)
      .waitFor();
    await expect.poll(() => box.getByTitle(/^Flash: /).getAttribute('title')).not.toBe(small);
    await row(page, 'out').getByText('250,880').first().waitFor();
    await page.getByRole('button', { name: /^Undo/ }).click();
    await expect.poll(() => verdict(page).textContent()).toBe(before);

    await inspector(page).getByRole('button', { name: 'Network', exact: true }).click();
    await choosePart(page, 'STM32F030');
    await verdict(page)
      .getByText(/^Does not fit STM32F030F4: .* too much flash and .* too much RAM$/)
      .waitFor();
    await expect.poll(async () => (await host.services.setting.read({})).target).toBe('stm32f030f4');
    await page
      .getByRole('status')
      .getByText(/^The network does not fit STM32F030F4/)
      .waitFor();
    await page.evaluate('location.hash = "#/new"');
    await page
      .getByRole('region', { name: 'Launch' })
      .getByText(/^Does not fit STM32F030F4/)
      .waitFor();
  });

  it('takes a budget of one’s own by keyboard alone, and refuses a wrong one with a sentence', async () => {
    const { page, host } = await start();
    await verdict(page).getByText(/^Fits/).waitFor();
    const target = async () => (await host.services.setting.read({})).target;
    const menu = inspector(page).getByLabel('Microcontroller');
    await menu.focus();
    await page.keyboard.press('Enter');
    await page.getByPlaceholder('Find a microcontroller').waitFor();
    await page.keyboard.type('own budget');
    await page.getByRole('option', { name: /^Own budget/ }).waitFor();
    await page.keyboard.press('Enter');
    await expect.poll(target).toBe('custom:cortex-m4:524288:98304');
    const own = page.getByRole('group', { name: 'Own budget' });
    // The list gives the focus back to its button; the fields follow it.
    await expect.poll(() => menu.evaluate((element) => element.matches(':focus'))).toBe(true);
    await page.keyboard.press('Tab');
    await page.keyboard.press('Tab');
    await page.keyboard.press('Control+a');
    await page.keyboard.type('a lot');
    await own.getByText('Flash must be a whole number of KiB from 1 to 4,194,304; "a lot" is not.').waitFor();
    expect(await target()).toBe('custom:cortex-m4:524288:98304');
    await page.keyboard.press('Control+a');
    await page.keyboard.type('10');
    await expect.poll(target).toBe('custom:cortex-m4:10240:98304');
    await verdict(page)
      .getByText(/^Does not fit Arm Cortex-M4, own budget: .* too much flash$/)
      .waitFor();
    await page.keyboard.press('Tab');
    await page.keyboard.press('Control+a');
    await page.keyboard.type('0');
    await own.getByText(/^RAM must be a whole number/).waitFor();
    expect(await target()).toBe('custom:cortex-m4:10240:98304');

    await page.getByRole('button', { name: 'Cost', exact: true }).first().press('Enter');
    await row(page, 'out').getByRole('button', { name: 'out' }).press('Enter');
    await inspector(page).getByRole('heading', { name: 'out' }).waitFor();
  });

  it('says why a network cannot be exported, and that a broken one is to be mended first', async () => {
    const layers = LAYERS.map((layer) =>
      layer.id === 'act1' ? { ...layer, activations: { method: 'full-precision', function: 'relu' } } : layer,
    );
    const { page } = await start({ layers });
    const refusal = verdict(page).getByText(
      /^Layer act1 cannot be lowered to integers: the activation "relu" is computed in floating/,
    );
    await refusal.waitFor();
    const advice = inspector(page).getByRole('list', { name: 'Problems and advice' });
    await advice.getByText('Layer act1 cannot be lowered to integers').waitFor();
    await page.locator('[data-layer="flat"]').click();
    await page.keyboard.press('Delete');
    await verdict(page).getByText('Not known: the network has problems to mend first').waitFor();
    await page.keyboard.press('Control+z');
    await refusal.waitFor();
  });

  it.each(['light', 'dark'] as const)('is accessible in the %s theme', async (scheme) => {
    const { page } = await start({ scheme, target: 'custom:cortex-m0:16384:2048' });
    await verdict(page)
      .getByText(/^Does not fit/)
      .waitFor();
    await page.getByRole('button', { name: 'Cost', exact: true }).first().click();
    await row(page, 'out').waitFor();
    expect(await violationsOf(page)).toEqual([]);
    await row(page, 'conv1').getByRole('button', { name: 'conv1' }).click();
    await inspector(page).getByText('Multiply-accumulates').waitFor();
    expect(await violationsOf(page)).toEqual([]);
  });
});
