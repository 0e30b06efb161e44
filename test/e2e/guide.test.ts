import { afterEach, describe, expect, it } from 'vitest';
import { BitsmithError } from '#shared/base/errors.ts';
import { findChromium } from '#test/support/chromium.ts';
import { FAKE_TARGETS } from '#test/support/fake-catalogue.ts';
import { violationsOf } from './fixtures/axe.ts';
import { openTestWindow, type TestWindow } from './fixtures/window.ts';

const noBrowser = findChromium() === undefined;
let window: TestWindow | undefined;
const start = async (...options: Parameters<typeof openTestWindow>): Promise<TestWindow> =>
  (window = await openTestWindow({ runs: 0, installed: [], tick: 10, ...options[0] }));
afterEach(async () => {
  const problems = window?.problems ?? [];
  await window?.close();
  window = undefined;
  expect(problems).toEqual([]);
});
const guideOf = ({ page }: TestWindow) => page.getByRole('region', { name: 'First-run guide' });
/** Lets the run that trains come to its end. */
function finishRun({ host }: TestWindow): void {
  const [run] = host.runs;
  if (run) host.advance(run.summary.id, run.summary.stepsTotal);
}

describe.skipIf(noBrowser)(`the first-run guide${noBrowser ? ' (skipped: no Chromium here)' : ''}`, () => {
  it('leads from an empty folder to verified firmware on the real pages', async () => {
    const opened = await start();
    const { page, host } = opened;
    const guide = guideOf(opened);
    await guide.getByText('0 of 5 steps done').waitFor();
    expect(await violationsOf(page)).toEqual([]);
    await guide.getByRole('button', { name: 'Open Data sets' }).click();

    await page.getByRole('heading', { level: 1, name: 'Data sets' }).waitFor();
    await guide.getByText('Press Get beside MNIST').waitFor();
    await page.getByRole('button', { name: 'Get MNIST' }).last().click();
    await guide.getByText('1 of 5: Get a data set – done').waitFor();
    await guide.getByRole('button', { name: 'Next: Look at a model' }).click();

    await page.getByRole('heading', { level: 1, name: 'Model' }).waitFor();
    await guide.getByText('2 of 5: Look at a model – done').waitFor();
    await guide.getByRole('button', { name: 'Next: Launch a short run' }).click();

    await page.getByRole('button', { name: 'Start the run' }).click();
    await page.waitForURL(/#\/runs\/r/);
    await guide.getByText('3 of 5: Launch a short run – done').waitFor();
    await guide.getByRole('button', { name: 'Next: Watch and compare' }).click();
    await guide.getByText('Accuracy should rise').waitFor();
    finishRun(opened);
    await guide.getByText('4 of 5: Watch and compare – done').waitFor();
    await guide.getByRole('button', { name: 'Next: Export and verify firmware' }).click();

    await page.getByRole('heading', { level: 1, name: 'Export' }).waitFor();
    await page.getByRole('button', { name: 'Write the bundle' }).click();
    await guide.getByText('Press Verify.').waitFor();
    await page.getByRole('button', { name: 'Verify', exact: true }).click();
    await guide.getByText('5 of 5: Export and verify firmware – done').waitFor();
    // A notice brings elements of its own that axe finds fault with.
    await page.getByText('The bundle is written').first().waitFor({ state: 'hidden' });
    expect(await violationsOf(page)).toEqual([]);
    await guide.getByRole('button', { name: 'Finish' }).click();
    await page.getByRole('heading', { level: 1, name: 'Home' }).waitFor();
    await guide.waitFor({ state: 'hidden' });
    expect((await host.services.setting.read({})).guideClosed).toBe(true);
  });

  it('does every step by itself, with the keyboard alone', async () => {
    const opened = await start();
    const { page, host } = opened;
    const guide = guideOf(opened);
    const press = async (name: string) => {
      const button = guide.getByRole('button', { name, exact: true });
      await button.waitFor();
      // The way there is Tab; that it can be reached that way is what this checks.
      for (let i = 0; i < 80; i++) {
        if (await button.evaluate((element) => element === element.ownerDocument.activeElement)) break;
        await page.keyboard.press('Tab');
      }
      expect(await button.evaluate((element) => element === element.ownerDocument.activeElement)).toBe(true);
      await page.keyboard.press('Enter');
    };
    await page.keyboard.press('Control+k');
    await page.getByPlaceholder('Go to a page or a run').fill('first-run guide');
    await page.getByRole('option', { name: /^First-run guide/ }).waitFor();
    await page.keyboard.press('Enter');
    await page.getByPlaceholder('Go to a page or a run').waitFor({ state: 'hidden' });
    await guide.getByRole('button', { name: 'Leave the guide' }).waitFor();

    await press('Get MNIST');
    await guide.getByText('1 of 5 steps done').waitFor();
    await press('Look at a model');
    await press('Open the demo’s network');
    await guide.getByText('2 of 5: Look at a model – done').waitFor();
    await press('Next: Launch a short run');
    await press('Train the demo');
    await page.getByRole('heading', { level: 1, name: 'Demo: MNIST with ternary weights' }).waitFor();
    await press('Next: Watch and compare');
    finishRun(opened);
    await guide.getByText('4 of 5: Watch and compare – done').waitFor();
    await press('Train a binary one, then compare');
    await page.getByRole('region', { name: 'Comparison' }).waitFor();
    expect(host.runs[0]?.config).toMatchObject({ quantization: { weights: { method: 'bnn' } } });
    await press('Next: Export and verify firmware');
    await press('Write and verify a bundle');
    await guide.getByText('5 of 5: Export and verify firmware – done').waitFor();
    await page.getByText('integer for integer').first().waitFor();
  });

  it('is resumed where it was, left, dismissed and brought back', async () => {
    const opened = await start({ installed: ['mnist'] });
    const { page, open } = opened;
    const guide = guideOf(opened);
    await guide.getByText('1 of 5 steps done').waitFor();
    await guide.getByRole('button', { name: 'Open the model builder' }).click();
    await guide.getByText('2 of 5').waitFor();
    await open('/new');
    await guide.getByText('2 of 5').waitFor();
    await page.reload();
    await guide.getByText('3 of 5: Launch a short run').waitFor();
    await guide.getByRole('button', { name: 'Leave the guide' }).click();
    await guide.waitFor({ state: 'hidden' });
    await open('/');
    await guide.getByText('2 of 5 steps done').waitFor();
    await guide.getByRole('button', { name: 'Dismiss' }).click();
    await guide.waitFor({ state: 'hidden' });
    await page.reload();
    await page.getByRole('button', { name: 'First-run guide' }).click();
    await guide.getByText('2 of 5 steps done').waitFor();
  });

  it('says what cannot be had without a connection, and without a compiler', async () => {
    const host = FAKE_TARGETS.find(({ id }) => id === 'host')!;
    const { compiler } = host;
    host.compiler = { available: false, name: 'gcc', remedy: 'apt install gcc libc6-dev' };
    try {
      const opened = await start();
      const { page } = opened;
      const guide = guideOf(opened);
      const offline = new BitsmithError('io', 'MNIST cannot be downloaded: there is no network.');
      opened.host.failing.set('dataset.get', offline);
      await guide.getByRole('button', { name: 'Get MNIST' }).click();
      await guide.getByRole('alert').getByText('a data set on this computer can be imported').waitFor();
      expect(await violationsOf(page)).toEqual([]);
      await guide.getByRole('button', { name: 'Export and verify firmware' }).click();
      await guide.getByRole('alert').getByText('apt install gcc libc6-dev').waitFor();
      await guide.getByRole('button', { name: 'Get a data set' }).click();
      await guide.getByRole('link', { name: 'Import …' }).click();
      await page.getByRole('dialog').getByLabel('Path').waitFor();
    } finally {
      host.compiler = compiler;
    }
  });
});
