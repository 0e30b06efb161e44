import { afterEach, describe, expect, it } from 'vitest';
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

const importedSounds = async ({ host }: TestWindow) =>
  (await host.services.dataset.list({})).find(({ name }) => name === 'sounds');

/** Rows of the large picture, from the top, with the most light in its first and in its last column. */
const brightest = (page: TestWindow['page']) =>
  page.evaluate<[number, number]>(`(() => {
    const canvas = document.querySelector('[role=dialog] canvas[role=img]');
    // Not read itself: the browser would move it off the graphics card.
    const copy = document.createElement('canvas');
    const { width, height } = Object.assign(copy, { width: canvas.width, height: canvas.height });
    const context = copy.getContext('2d', { willReadFrequently: true });
    context.drawImage(canvas, 0, 0);
    const { data } = context.getImageData(0, 0, width, height);
    const row = (x) => {
      let best = 0;
      for (let y = 0; y < height; y++) if (data[4 * (y * width + x)] > data[4 * (best * width + x)]) best = y;
      return best;
    };
    return [row(0), row(width - 1)];
  })()`);

describe.skipIf(noBrowser)(`Data sets: sound${reason}`, () => {
  it('shows recordings as they will be, says at its field what does not fit, and draws spectrograms', async () => {
    window = await openTestWindow();
    const { page, open } = window;
    await open('/datasets?import=/data/sounds');
    const dialog = page.getByRole('dialog', { name: 'Import a data set' });
    const sounds = dialog.getByRole('region', { name: 'The first recordings as samples' });
    await sounds.getByText('49 frames of 40 bands').waitFor();
    await sounds.getByText('0.62 s to 1 s at 16000 Hz').waitFor();
    expect(await dialog.getByLabel('Coefficients', { exact: true }).count()).toBe(0);
    await dialog.getByLabel('Mel bands', { exact: true }).fill('500');
    await dialog.getByText(/"bands" is 500/).waitFor();
    expect(await dialog.getByRole('button', { name: 'Read and check' }).isDisabled()).toBe(true);
    // Within the schema, but no bin of the spectrum falls into some bands.
    await dialog.getByLabel('Mel bands', { exact: true }).fill('128');
    await dialog.getByText(/is narrower than the 31.3 Hz between the bins/).waitFor();
    await dialog.getByLabel('Mel bands', { exact: true }).fill('32');
    await sounds.getByText('49 frames of 32 bands').waitFor();
    await dialog.getByRole('button', { name: 'Read and check' }).click();
    const found = dialog.getByRole('region', { name: 'What was found' });
    await found.getByText('32 log-mel bands, 30 ms every 20 ms, 16000 Hz').waitFor();
    await found.getByText('7 files are shorter than 1 s').waitFor();
    await dialog.getByRole('button', { name: 'Import 144 samples' }).click();
    await page.getByRole('heading', { level: 1, name: 'sounds' }).waitFor();
    expect((await importedSounds(window))?.imported?.options).toEqual({ bands: 32 });
    await page.getByText('49 frames of 32 bands').first().waitFor();
    // A falling tone begins high and ends low; the next sample rises.
    await page.getByRole('listbox', { name: 'Training samples' }).focus();
    await page.keyboard.press('Enter');
    await page.getByRole('img', { name: 'Sample 0, class fall' }).waitFor();
    const [fallFrom, fallTo] = await brightest(page);
    expect(fallFrom).toBeLessThan(fallTo);
    await page.getByRole('button', { name: 'Next' }).click();
    await page.getByRole('img', { name: 'Sample 1, class rise' }).waitFor();
    const [riseFrom, riseTo] = await brightest(page);
    expect(riseFrom).toBeGreaterThan(riseTo);
  });

  it('is imported as MFCC with the keyboard alone', async () => {
    window = await openTestWindow();
    const { page, open } = window;
    await open('/datasets?import=/data/sounds');
    const dialog = page.getByRole('dialog', { name: 'Import a data set' });
    await dialog.getByText('49 frames of 40 bands').waitFor();
    await dialog.getByRole('combobox', { name: 'Features', exact: true }).focus();
    await page.keyboard.press('Enter');
    const highlighted = page.locator('[role=option][data-highlighted]');
    await highlighted.waitFor();
    await page.keyboard.press('End');
    await highlighted.filter({ hasText: 'mfcc' }).waitFor();
    await page.keyboard.press('Enter');
    await dialog.getByText('49 frames of 10 coefficients').waitFor();
    await dialog.getByLabel('Coefficients', { exact: true }).focus();
    await page.keyboard.press('ControlOrMeta+a');
    await page.keyboard.type('13');
    await dialog.getByText('49 frames of 13 coefficients').waitFor();
    await dialog.getByRole('button', { name: 'Read and check' }).focus();
    await page.keyboard.press('Enter');
    await dialog.getByRole('button', { name: 'Import 144 samples' }).focus();
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { level: 1, name: 'sounds' }).waitFor();
    const info = await importedSounds(window);
    expect(info).toMatchObject({ shape: [49, 13, 1], sound: { features: 'mfcc', coefficients: 13 } });
    await page.getByRole('tab', { name: 'Classes and statistics' }).focus();
    await page.keyboard.press('Enter');
    await page.getByText('13 MFCC', { exact: true }).waitFor();
  });

  it.each(['light', 'dark'] as const)('has no accessibility problem, %s theme', async (theme) => {
    window = await openTestWindow({
      before: (page) => page.emulateMedia({ colorScheme: theme, reducedMotion: 'reduce' }),
    });
    const { page, open } = window;
    await open('/datasets?import=/data/sounds');
    await page.getByText('49 frames of 40 bands').waitFor();
    expect(await violationsOf(page)).toEqual([]);
    await page.getByRole('button', { name: 'Read and check' }).click();
    await page.getByRole('button', { name: 'Import 144 samples' }).click();
    await page.getByRole('option', { name: /class/ }).waitFor();
    expect(await violationsOf(page)).toEqual([]);
    await page.getByRole('tab', { name: 'Classes and statistics' }).click();
    await page.getByText('Log-mel bands', { exact: true }).waitFor();
    expect(await violationsOf(page)).toEqual([]);
  });
});
