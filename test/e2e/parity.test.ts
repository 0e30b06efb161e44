import type { Page } from 'playwright-core';
import { afterEach, describe, expect, it } from 'vitest';
import { DEFAULT_PLAN } from '#shared/export/plan/options.ts';
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

/** The export page with a bundle of the network `lenet-small`, or of that of another data set. */
async function start(
  options: Parameters<typeof openTestWindow>[0] = {},
  dataset = 'mnist',
): Promise<TestWindow> {
  const opened = (window = await openTestWindow(options));
  const { host, page } = opened;
  const run = host.runs.find(
    ({ summary }) => summary.dataset === 'mnist' && summary.status === 'finished',
  )?.summary;
  if (run) run.dataset = dataset;
  const asked = { run: run?.id ?? '', target: 'cortex-m4', format: 'cmake', options: DEFAULT_PLAN } as const;
  await host.services.export.build(asked);
  await opened.open(`/export?run=${run?.id}`);
  await page.getByRole('region', { name: 'Layers of the plan' }).waitFor();
  await browser(page).waitFor();
  return opened;
}
const browser = (page: Page) => page.getByRole('region', { name: 'Parity browser' });
const layers = (page: Page) => page.getByRole('region', { name: 'Layer by layer' });
const compare = (page: Page) => browser(page).getByRole('button', { name: 'Compare', exact: true });

describe.skipIf(noBrowser)(`the parity browser${reason}`, () => {
  it('draws sound with time to the right', async () => {
    const { page } = await start({}, 'sounds');
    await compare(page).click();
    const picture = browser(page).getByRole('img', { name: /^Picture of Test sample 0 of 40/ });
    await picture.waitFor();
    // The network reads 49 frames of 10 coefficients.
    const size = [await picture.getAttribute('width'), await picture.getAttribute('height')];
    expect(size).toEqual(['49', '10']);
  });

  it('shows a sample layer by layer, its maps and its numbers, and reads a board', async () => {
    const { page } = await start();
    await compare(page).click();
    await browser(page).getByText('agrees with the reference in every integer of every layer').waitFor();
    await browser(page)
      .getByRole('img', { name: /^Picture of Test sample 0 of 40/ })
      .waitFor();
    const steps = await layers(page).locator('tbody tr').count();
    await page.getByRole('switch', { name: 'Sums inside steps' }).click();
    expect(await layers(page).locator('tbody tr').count()).toBeGreaterThan(steps);
    await layers(page).getByRole('button', { name: 'act2', exact: true }).click();
    const channels = page.getByRole('listbox', { name: 'Channels of act2' });
    await channels.locator('canvas').first().waitFor();
    expect(await channels.getByRole('option').first().locator('canvas').count()).toBe(4);
    await channels.getByRole('option').nth(1).click();
    const numbers = page.getByRole('region', { name: 'Channel 1 in numbers' });
    expect(await numbers.locator('tbody tr').count()).toBeGreaterThan(1);
    expect(await numbers.locator('[data-differs]').count()).toBe(0);
    const logits = browser(page).getByRole('region', { name: 'Logits' }).locator('tbody tr');
    const shown = await logits.locator('td:nth-of-type(3)').allTextContents();
    const lines = shown.map((text, i) => `class ${i}: ${text.trim().replaceAll(',', '')}`);
    const board = page.getByLabel('What a board printed');
    await board.fill(lines.slice(1).join('\n'));
    await page.getByRole('button', { name: 'Compare with the reference' }).click();
    await page.getByText('class 0: no logit was found').waitFor();
    await board.fill(lines.join('\n'));
    await page.getByRole('button', { name: 'Compare with the reference' }).click();
    await page.getByText('The board’s logits are those of test sample 0, integer for integer.').waitFor();
    await board.fill(lines.join('\n').replace(/class 3: .*/, 'class 3: 5'));
    await page.getByRole('button', { name: 'Compare with the reference' }).click();
    await page.getByText(/^1 of 10 logits differ from test sample 0/).waitFor();
    await page.getByRole('region', { name: 'What the board printed' }).getByText('≠ differs').waitFor();
  });

  it('marks the first layer that differs, opens it, and marks the number', async () => {
    const { page } = await start({ wrongLayer: 'act2' });
    await compare(page).click();
    await browser(page).getByText('The firmware differs from the reference, first in act2.').waitFor();
    const row = layers(page).locator('tbody tr', { hasText: 'first difference' });
    expect(await row.getByRole('button').textContent()).toContain('act2');
    await page.getByRole('listbox', { name: 'Channels of act2' }).waitFor();
    await page
      .getByRole('region', { name: /in numbers$/ })
      .locator('[data-differs=firmware]')
      .waitFor();
    await page.getByRole('option', { name: /1 ≠ firmware/ }).waitFor();
  });

  it('with the keyboard alone, by class and by wrong prediction, and says what is wrong', async () => {
    const { page } = await start();
    const kind = browser(page).getByRole('combobox', { name: 'Sample' });
    await browser(page).getByLabel('Number').focus();
    await page.keyboard.press('Control+a');
    await page.keyboard.type('-1');
    await browser(page).getByText('a whole number, 0 to 9,999,999').waitFor();
    expect(await compare(page).isDisabled()).toBe(true);
    await page.keyboard.press('Control+a');
    await page.keyboard.type('41');
    await page.keyboard.press('Enter');
    await page.getByText('test sample 41: there are 40, 0 to 39').first().waitFor();
    await kind.focus();
    await page.keyboard.press('Enter');
    await page.getByRole('option', { name: 'First wrong prediction' }).waitFor();
    await page.keyboard.type('First');
    await page.keyboard.press('Enter');
    await browser(page).getByLabel('From number').focus();
    await page.keyboard.press('Control+a');
    await page.keyboard.type('0');
    await page.keyboard.press('Enter');
    await browser(page).getByText('Test sample 4 of 40').waitFor();
    await browser(page).getByRole('button', { name: 'Next' }).focus();
    await page.keyboard.press('Enter');
    await browser(page).getByText('Test sample 9 of 40').waitFor();
    await layers(page).getByRole('button', { name: 'act1', exact: true }).focus();
    await page.keyboard.press('Enter');
    await page.getByRole('listbox', { name: 'Channels of act1' }).locator('[tabindex="0"]').focus();
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Enter');
    await page.getByRole('region', { name: 'Channel 1 in numbers' }).waitFor();
  });

  it('can be cancelled', async () => {
    const { page } = await start({ taskTick: 60 });
    await compare(page).click();
    await browser(page).getByRole('button', { name: 'Cancel' }).click();
    await browser(page).getByRole('progressbar').waitFor({ state: 'detached' });
    expect(await layers(page).count()).toBe(0);
  });

  it.each(['light', 'dark'] as const)('is accessible, %s', async (scheme) => {
    const { page } = await start({
      wrongLayer: 'act2',
      before: (one) => one.emulateMedia({ colorScheme: scheme }),
    });
    await compare(page).click();
    await page.getByRole('listbox', { name: 'Channels of act2' }).locator('canvas').first().waitFor();
    expect(await violationsOf(page)).toEqual([]);
  });
});

describe.skipIf(noBrowser)(`what else the export page keeps${reason}`, () => {
  it('the last verification of each core, over a reload; the report as a page without scripts; commands', async () => {
    const { page } = await start();
    await page.getByRole('button', { name: 'Verify', exact: true }).click();
    await page.getByText('integer for integer').waitFor();
    await page.getByRole('checkbox', { name: 'Cortex-M0', exact: true }).check();
    await page.getByRole('checkbox', { name: 'Cortex-M4', exact: true }).uncheck();
    await page.getByRole('button', { name: 'Verify', exact: true }).click();
    const results = page.getByRole('region', { name: 'Results of the verification' });
    await results.getByText('Arm Cortex-M0', { exact: true }).waitFor();
    await page.reload();
    await results.getByText('Arm Cortex-M4', { exact: true }).waitFor();
    expect(await results.locator('tbody tr').count()).toBe(3);
    await page
      .getByLabel('verification on the command line', { exact: true })
      .getByText(/^bitsmith verify b1/)
      .waitFor();
    await page.getByRole('radio', { name: /^Speed/ }).check();
    await page
      .getByLabel('export on the command line', { exact: true })
      .getByText('--optimize speed')
      .waitFor();
    await page.getByRole('tab', { name: 'Report' }).click();
    await page.getByRole('button', { name: 'Read as a page' }).click();
    const frame = page.locator('iframe');
    expect(await frame.getAttribute('sandbox')).toBe('');
    await page.frameLocator('iframe').getByRole('heading', { level: 1 }).waitFor();
  });
});
