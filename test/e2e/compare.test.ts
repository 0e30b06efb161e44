import { readFile } from 'node:fs/promises';
import { afterEach, describe, expect, it } from 'vitest';
import { BitsmithError } from '#shared/base/errors.ts';
import { findChromium } from '#test/support/chromium.ts';
import { violationsOf } from './fixtures/axe.ts';
import { openComparison } from './fixtures/comparison.ts';
import type { TestWindow } from './fixtures/window.ts';

const noBrowser = findChromium() === undefined;
const reason = noBrowser ? ' (skipped: no Chromium here)' : '';
let window: TestWindow | undefined;
afterEach(async () => {
  const problems = window?.problems ?? [];
  await window?.close();
  window = undefined;
  expect(problems).toEqual([]);
});

/** Six finished runs of two methods, three seeds each, selected side by side in a tall pane. */
async function startComparison(): Promise<TestWindow> {
  const opened = await openComparison({
    change: (finished) => {
      const base = finished[0]?.config ?? {};
      finished.forEach((run, i) => {
        const method = i % 2 === 0 ? 'twn' : 'bnn';
        run.config = { ...base, name: run.summary.name, seed: i, quantization: { weights: { method } } };
      });
    },
  });
  window = opened;
  await opened.page.getByRole('img', { name: /^Validation loss\. (.*last.*){6}/ }).waitFor();
  return opened;
}

const chartOf = ({ page }: TestWindow) => page.getByRole('img', { name: /^Validation accuracy\./ });

describe.skipIf(noBrowser)(`comparing runs${reason}`, () => {
  it('points at all charts at once, zooms, pans and shows everything again, by mouse and by keyboard', async () => {
    const target = await startComparison();
    const { page } = target;
    const box = await chartOf(target).boundingBox();
    if (!box) throw new Error('the chart is not there');
    const at = (x: number, y: number) => [box.x + x * box.width, box.y + y * box.height] as const;
    await page.mouse.move(...at(0.6, 0.5));
    const card = page.locator('[data-cursor-card]');
    await card.getByText(/^Step/).waitFor();
    expect(await card.locator('tr').count()).toBe(6);
    expect(await page.locator('[data-crosshair]').count()).toBeGreaterThan(1);

    const everything = page.getByRole('button', { name: 'Show everything' });
    expect(await everything.isDisabled()).toBe(true);
    await page.mouse.move(...at(0.4, 0.5));
    await page.mouse.down();
    await page.mouse.move(...at(0.7, 0.55), { steps: 4 });
    await page.mouse.up();
    await expect.poll(() => everything.isDisabled()).toBe(false);
    await page.mouse.move(...at(0.2, 0.5));
    const place = async () => Number((await card.locator('p').first().textContent())?.replace(/\D/g, ''));
    await expect.poll(place).toBeGreaterThan(600);
    await page.getByRole('button', { name: 'Pan right' }).click();
    await everything.click();
    await expect.poll(() => everything.isDisabled()).toBe(true);

    // The same with the keyboard alone.
    await chartOf(target).focus();
    await page.keyboard.press('End');
    await page
      .getByRole('status')
      .getByText(/^Step 2,400: .* \d/)
      .waitFor();
    await page.keyboard.press('ArrowLeft');
    await page
      .getByRole('status')
      .getByText(/^Step 2,200: /)
      .waitFor();
    await page.keyboard.press('+');
    await expect.poll(() => everything.isDisabled()).toBe(false);
    await page.keyboard.press('Shift+ArrowLeft');
    await page.keyboard.press('0');
    await expect.poll(() => everything.isDisabled()).toBe(true);
  });

  it('smooths, chooses axes, cuts off outliers visibly, and keeps all that while other pages are seen', async () => {
    const { page, open } = await startComparison();
    const slider = page.getByRole('slider', { name: 'Smoothing' });
    await page.getByRole('combobox', { name: 'Kind of smoothing' }).click();
    await page.getByRole('option', { name: 'Gaussian' }).click();
    await slider.focus();
    await page.keyboard.press('End');
    await page.getByText('σ 5.0 %').waitFor();
    await page.getByRole('combobox', { name: 'Horizontal axis' }).click();
    await page.getByRole('option', { name: 'Time since start' }).click();
    expect(await page.getByText(/cut off/).count()).toBe(0);
    await page.getByRole('button', { name: 'Ignore outliers' }).click();
    await page
      .getByText(/\d cut off/)
      .first()
      .waitFor();
    await page.getByRole('button', { name: 'Log y' }).click();
    await open('/');
    await open('/runs');
    await page.getByText('σ 5.0 %').waitFor();
    expect(await page.getByRole('button', { name: 'Log y' }).getAttribute('aria-pressed')).toBe('true');
    await page.getByRole('combobox', { name: 'Horizontal axis' }).getByText('Time since start').waitFor();
  });

  it('draws replicates as one line, and says whether two groups can be told apart', async () => {
    const { page } = await startComparison();
    await page.getByRole('button', { name: 'Group the runs: No groups' }).click();
    await page.getByRole('menuitemcheckbox', { name: 'Everything but the seed' }).click();
    await page
      .getByRole('img', { name: /^Validation loss\. weights \w+ \(3\): last [^;]*; [^;]*$/ })
      .waitFor();
    await page.getByRole('combobox', { name: 'Band of a group' }).click();
    await page.getByRole('option', { name: '95 % confidence' }).click();
    await page.getByRole('tab', { name: 'Replicates' }).click();
    const table = page.getByRole('region', { name: 'Difference of two groups' });
    const row = table.getByRole('row', { name: /^Test accuracy/ });
    await row.getByText('not distinguishable').waitFor();
    expect(await row.locator('td').allTextContents()).toContainEqual(expect.stringMatching(/±.*%/));
  });

  it('saves points and pictures, finds differences of the configurations, and copies a value', async () => {
    const { page, host } = await startComparison();
    const save = async (entry: string) => {
      await page.getByRole('button', { name: 'Training loss: zoom and save' }).click();
      const [download] = await Promise.all([
        page.waitForEvent('download'),
        page.getByRole('menuitem', { name: entry }).click(),
      ]);
      return readFile(await download.path());
    };
    const csv = (await save('Save numbers as CSV')).toString();
    const finished = host.runs.filter(({ summary }) => summary.status === 'finished').slice(0, 6);
    const points = finished.map((run) => run.series?.get('train/loss')?.value.length ?? 0);
    expect(csv.trim().split('\r\n')).toHaveLength(1 + points.reduce((sum, count) => sum + count, 0));
    expect(csv).toContain(String(finished[3]?.series?.get('train/loss')?.value[777]));
    const json = JSON.parse((await save('Save numbers as JSON')).toString()) as { run: string }[];
    expect(new Set(json.map(({ run }) => run)).size).toBe(6);
    const svg = (await save('Save picture as SVG')).toString();
    expect(svg).toMatch(/^<svg/);
    expect(svg).toContain('Training loss');
    expect((await save('Save picture as PNG')).subarray(1, 4).toString()).toBe('PNG');

    await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
    await page.getByRole('tab', { name: 'Configuration' }).click();
    const grid = page.getByRole('region', { name: 'Configurations side by side' });
    await grid.getByText('quantization.weights.method').waitFor();
    await page.getByRole('switch', { name: 'Differences only' }).click();
    await page.getByRole('textbox', { name: 'Search the configurations' }).fill('weights.method');
    await expect.poll(() => grid.locator('tbody tr').count()).toBe(1);
    await page.getByRole('button', { name: 'Next difference' }).click();
    await grid.locator('[data-cell]:focus').getByText('twn').waitFor();
    await page.keyboard.press('ArrowRight');
    await grid.locator('[data-cell]:focus').getByText('bnn').waitFor();
    await page.keyboard.press('Enter');
    await page.getByText('The value is copied').first().waitFor();
    expect(await page.evaluate('navigator.clipboard.readText()')).toBe('bnn');
    await page.getByRole('textbox', { name: 'Search the configurations' }).fill('no such thing');
    await page.getByText('No field or value fits this search').waitFor();
  });

  it('says what went wrong in the chart where it did, and tries again', async () => {
    const target = await startComparison();
    const { page, host } = target;
    host.failing.set('run.curves', new BitsmithError('io', 'the store cannot be read'));
    await page.getByRole('button', { name: 'Log y' }).click();
    await page.getByRole('combobox', { name: 'Horizontal axis' }).click();
    await page.getByRole('option', { name: 'Epoch' }).click();
    const alert = page.getByRole('region', { name: 'Validation loss', exact: true }).getByRole('alert');
    await alert.getByText('the store cannot be read').waitFor();
    host.failing.clear();
    await alert.getByRole('button', { name: 'Try again' }).click();
    await page.getByRole('img', { name: /^Validation loss/ }).waitFor();
  });

  it('is accessible in both themes', async () => {
    const { page } = await startComparison();
    await page.getByRole('button', { name: 'Group the runs: No groups' }).click();
    await page.getByRole('menuitemcheckbox', { name: 'Everything but the seed' }).click();
    await page.getByRole('list', { name: 'Groups' }).waitFor();
    await page.getByRole('button', { name: 'Ignore outliers' }).click();
    await page.getByRole('button', { name: 'Validation loss: show the numbers as a table' }).click();
    await page.getByRole('region', { name: 'Validation loss, numbers' }).waitFor();
    for (const tab of ['Curves', 'Numbers', 'Replicates', 'Configuration']) {
      await page.getByRole('tab', { name: tab }).click();
      if (tab !== 'Curves') await page.getByRole('button', { name: /^Save: / }).waitFor();
      for (const colorScheme of ['light', 'dark'] as const) {
        await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
        expect(await violationsOf(page)).toEqual([]);
      }
    }
  });
});
