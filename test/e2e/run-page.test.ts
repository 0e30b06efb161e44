import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { BitsmithError } from '#shared/base/errors.ts';
import { findChromium } from '#test/support/chromium.ts';
import type { FakeHostOptions } from '#test/support/fake-host.ts';
import { violationsOf } from './fixtures/axe.ts';
import { openTestWindow, type TestWindow } from './fixtures/window.ts';

const noBrowser = findChromium() === undefined;
const skipped = noBrowser ? ' (skipped: no Chromium here)' : '';
const open: TestWindow[] = [];
afterEach(async () => {
  const windows = open.splice(0);
  for (const window of windows) {
    expect(window.problems).toEqual([]);
    await window.close();
  }
});

/** A window on the page of the newest run, or of the first one in a state. */
async function onRun(options: FakeHostOptions = {}, status = 'running') {
  const window = await openTestWindow(options);
  open.push(window);
  const run = window.host.runs.find(({ summary }) => summary.status === status);
  if (!run) throw new Error(`no run is ${status}`);
  await window.open(`/runs/${run.summary.id}`);
  const { page } = window;
  const tab = (name: string) => page.getByRole('tab', { name, exact: name === 'Log' }).click();
  return { ...window, run, tab };
}

describe.skipIf(noBrowser)(`the page of a run${skipped}`, () => {
  it('keeps up with a thousand updates a second, and drops no spike', async () => {
    const { page, host, run } = await onRun();
    await page.getByRole('img', { name: /^Loss/ }).waitFor();
    const { id } = run.summary;
    // Two hundred pushes as fast as they go; somewhere among them one single point that is far out.
    for (let i = 0; i < 200; i++) {
      host.advance(id, 5);
      if (i === 70) {
        const loss = run.series?.get('train/loss');
        if (loss) loss.value[loss.value.length - 3] = 77.5;
      }
    }
    await page.getByRole('button', { name: 'Loss: show the numbers as a table' }).click();
    const row = page.getByRole('region', { name: 'Loss, numbers' }).locator('[data-summary] tr').first();
    await expect.poll(async () => row.locator('td').nth(2).textContent()).toBe('77.5');
    const last = run.series?.get('train/loss')?.value.at(-1) ?? 0;
    const points = run.series?.get('train/loss')?.value.length;
    await expect
      .poll(async () => row.locator('td').allTextContents())
      .toEqual([String(Number(last.toPrecision(4))), expect.any(String), '77.5', String(points)]);
    await page.getByText(`step ${run.summary.stepsDone.toLocaleString('en-US')} of 2,400`).waitFor();
  });

  it('tells device, memory, throughput, and that it is still estimating', async () => {
    const { page, run, host } = await onRun();
    const header = page.getByRole('region', { name: 'Progress' });
    await header.getByText('38.2 steps/s · 4,890 samples/s').waitFor();
    await header.getByText(/^\d+ s left$/).waitFor();
    await header.getByText(/^46\.1 MiB in 214$/).waitFor();
    await header.getByText(/^4\d\d MiB$/).waitFor();
    run.summary.etaSeconds = null;
    host.push('runs-changed', { run: run.summary.id });
    await header.getByText('estimating the time left').waitFor();
  });

  it('shows everything of a layer, and one thing of all of them', async () => {
    const { page, tab } = await onRun();
    await tab('Layers');
    for (const name of [/^Weights/, /^Latent weights of conv1/, /^Shares of the codes/])
      await page.getByRole('img', { name }).waitFor();
    // Charts are drawn when they come into view.
    for (const title of ['Zero fraction', 'Flip ratio', 'Scale', 'Thresholds']) {
      await page.getByRole('region', { name: title }).scrollIntoViewIfNeeded();
      await page.getByRole('img', { name: new RegExp(`^${title}`) }).waitFor();
    }
    await page.getByRole('combobox', { name: 'Weights as' }).click();
    await page.getByRole('option', { name: 'Codes' }).click();
    await page.getByRole('button', { name: 'Weights: show the numbers as a table' }).click();
    await page
      .getByRole('region', { name: 'Weights, numbers' })
      .getByText('Codes of conv1')
      .first()
      .waitFor();

    await page.getByRole('button', { name: 'Next layer' }).click();
    await page.getByText('2 of 5').waitFor();
    await page.getByRole('img', { name: /^Latent weights of conv2/ }).waitFor();
    // An activation has thresholds and a scale, and no weights.
    await page.getByRole('combobox', { name: 'Layer', exact: true }).click();
    await page.getByRole('option', { name: 'act1' }).click();
    await page.getByRole('img', { name: /^Thresholds/ }).waitFor();
    expect(await page.getByRole('img', { name: /^Weights/ }).count()).toBe(0);

    await page.getByRole('tab', { name: 'All layers' }).click();
    expect(await page.getByRole('list', { name: 'Layers' }).getByRole('listitem').count()).toBe(4);
    await page.getByRole('combobox', { name: 'What of all layers' }).click();
    await page.getByRole('option', { name: 'Zero fraction' }).click();
    await page.getByRole('img', { name: /^Zero fraction\. conv1: last/ }).waitFor();
    await page.getByRole('img', { name: /^conv2\. / }).waitFor();
    await page.getByRole('combobox', { name: 'What of all layers' }).click();
    await page.getByRole('option', { name: 'States' }).click();
    await page.getByRole('button', { name: 'Everything of dense1' }).click();
    // Its weights have two levels.
    await page.getByRole('combobox', { name: 'Level' }).click();
    await page.getByRole('option', { name: 'Level 2' }).click();
    await page.getByRole('button', { name: 'States: show the numbers as a table' }).click();
    const cells = page.getByRole('region', { name: 'States, numbers' }).locator('tbody tr').last();
    expect(await cells.locator('td').allTextContents()).toEqual(['0.3', '0.35', '0.35']);
  });

  it('computes which classes are confused, with the samples of each cell', async () => {
    const { page, tab, host } = await onRun();
    await tab('Confusion');
    await page.getByRole('button', { name: 'Compute the matrix' }).click();
    const grid = page.getByRole('grid', { name: /^Confusion matrix/ });
    await grid.waitFor();
    const cells = await grid.getByRole('gridcell').allTextContents();
    expect(cells).toHaveLength(100);
    const sum = cells.reduce((total, text) => total + Number(text.trim() || 0), 0);
    expect(sum).toBe(2000);

    const pair = page.getByRole('list', { name: 'Pairs that are confused most' }).getByRole('button').first();
    const count = Number(/(\d+) ·/.exec((await pair.textContent()) ?? '')?.[1]);
    await pair.click();
    const dialog = page.getByRole('dialog');
    await dialog.getByText(`${count} test samples of mnist`).waitFor();
    expect(await dialog.getByRole('img', { name: /^Sample \d+$/ }).count()).toBe(Math.min(24, count));
    const sure = async () =>
      (await dialog.getByText(/^\d+\.\d %$/).allTextContents()).filter((_, i) => i % 2 === 0).map(parseFloat);
    const first = await sure();
    expect(first).toEqual(first.toSorted((a, b) => b - a));
    await dialog.getByRole('combobox', { name: 'Order' }).click();
    await page.getByRole('option', { name: 'Least certain first' }).click();
    await expect.poll(async () => (await sure())[0]).toBe(Math.min(...first));
    await dialog.getByRole('button', { name: 'Close' }).click();

    await page.getByRole('button', { name: 'All mistakes' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Next' }).click();
    await page.getByRole('dialog').getByText('Page 2 of').waitFor();
    await page.keyboard.press('Escape');
    await page.getByRole('tab', { name: 'Classes' }).click();
    await page.getByRole('button', { name: 'Recall' }).click();
    const recalls = (
      await page
        .getByRole('region', { name: 'Scores of the classes' })
        .locator('tbody td:nth-child(4)')
        .allTextContents()
    ).map(parseFloat);
    expect(recalls).toEqual(recalls.toSorted((a, b) => a - b));

    // Kept: another look needs no computation. Another checkpoint does.
    host.failing.set('confusion.measure', new BitsmithError('corrupt', 'the checkpoint is damaged'));
    await tab('Log');
    await tab('Checkpoints');
    await page.getByRole('button', { name: 'Confusion matrix of the checkpoint of step 800' }).click();
    await grid.waitFor();
    await tab('Checkpoints');
    await page.getByRole('button', { name: 'Confusion matrix of the checkpoint of step 400' }).click();
    await page.getByRole('button', { name: 'Compute the matrix' }).click();
    await page.getByRole('alert').getByText('the checkpoint is damaged').waitFor();
    host.failing.clear();
    await page.getByRole('button', { name: 'Try again' }).click();
    await grid.waitFor();
  });

  it('shows the progress of that computation, and ends it', async () => {
    const { page, tab } = await onRun({ taskTick: 400 });
    await tab('Confusion');
    await page.getByRole('button', { name: 'Compute the matrix' }).click();
    await page.getByText(/1,000 of 2,000 samples · \d+ %/).waitFor();
    await page.getByRole('button', { name: 'Cancel' }).click();
    await page.getByRole('button', { name: 'Compute the matrix' }).waitFor();
  });

  it('stays readable with a hundred classes: few cells are there, and keys reach them all', async () => {
    const { page, tab } = await onRun({ classes: 100 });
    await tab('Confusion');
    await page.getByRole('button', { name: 'Compute the matrix' }).click();
    const grid = page.getByRole('grid', { name: /^Confusion matrix/ });
    await grid.waitFor();
    expect(await grid.getByRole('gridcell').count()).toBeLessThan(1500);
    expect(await grid.getAttribute('aria-rowcount')).toBe('101');
    await grid.locator('[tabindex="0"]').focus();
    await page.keyboard.press('Control+End');
    const focused = () => page.evaluate<string>('document.activeElement.getAttribute("aria-label")');
    await expect.poll(focused).toMatch(/^class 99 taken for class 99: \d+/);
    expect(await grid.getByRole('gridcell').count()).toBeLessThan(1500);
    await page
      .getByRole('list', { name: 'Pairs that are confused most' })
      .getByRole('button')
      .first()
      .waitFor();
  });

  it('is worked with the keyboard alone', async () => {
    const { page, host, run } = await onRun();
    const press = async (...keys: string[]) => {
      for (const key of keys) await page.keyboard.press(key);
    };
    const focused = () => page.evaluate<string>('document.activeElement.getAttribute("aria-label") ?? ""');
    await page.getByRole('tab', { name: 'Training' }).focus();
    await press('ArrowRight', 'ArrowRight', 'Enter');
    const compute = page.getByRole('button', { name: 'Compute the matrix' });
    await compute.waitFor();
    await press('Tab', 'Tab', 'Tab');
    expect(await compute.evaluate((element) => element.matches(':focus'))).toBe(true);
    await press('Enter');
    await page.getByRole('grid').waitFor();
    await page.getByRole('grid').locator('[tabindex="0"]').focus();
    await press('ArrowDown', 'ArrowRight', 'ArrowRight');
    await expect.poll(focused).toMatch(/^one taken for two/);
    await press('End', 'Home', 'PageDown', 'Control+Home', 'ArrowDown');
    await expect.poll(focused).toMatch(/^one taken for zero/);
    await press('ArrowRight', 'Enter');
    await page.getByRole('dialog', { name: 'one, recognised' }).waitFor();
    await press('Escape');
    await page.getByRole('dialog').waitFor({ state: 'hidden' });
    await expect.poll(focused).toMatch(/^one taken for one/);

    await press('Control+Shift+P');
    await expect.poll(() => run.summary.status).toBe('paused');
    await press('Control+Shift+P');
    await expect.poll(() => run.summary.status).toBe('running');
    await page.getByRole('button', { name: 'Checkpoint now' }).waitFor();
    const before = run.checkpoints.length;
    await press('Control+Shift+S');
    await expect.poll(() => run.checkpoints.length).toBe(before + 1);

    await press('Control+k');
    await page.keyboard.type('Show: Layers');
    await press('Enter');
    await page.getByRole('img', { name: /^Latent weights of conv1/ }).waitFor();
    await press('Control+]');
    await page.getByRole('img', { name: /^Latent weights of conv2/ }).waitFor();
    await press('Control+[', 'Control+[');
    await page.getByText('5 of 5').waitFor();
    await press('Control+Shift+F');
    await page.getByRole('heading', { level: 1, name: /fork|New run/ }).waitFor();
    expect(host.runs.length).toBeGreaterThan(0);
  });

  it('filters, follows and copies its log', async () => {
    const { page, tab, host, run } = await onRun({}, 'crashed');
    await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
    await tab('Log');
    const log = page.getByRole('log');
    await page.getByRole('searchbox', { name: 'Words in the line' }).fill('done EPOCH 3');
    await page.getByText(/^1 of \d+ lines$/).waitFor();
    await page.getByRole('button', { name: 'Copy' }).click();
    await page.getByText('1 lines copied').first().waitFor();
    expect(await page.evaluate('navigator.clipboard.readText()')).toMatch(/INFO epoch 3 of 12 done$/);
    await page.getByRole('searchbox', { name: 'Words in the line' }).fill('no such words');
    await log.getByText('No line fits.').waitFor();
    await page.getByRole('searchbox', { name: 'Words in the line' }).fill('');
    await page.getByRole('combobox', { name: 'Which lines' }).click();
    await page.getByRole('option', { name: 'Errors', exact: true }).click();
    await log.getByText('SIGKILL').waitFor();
    await page.getByRole('combobox', { name: 'Which lines' }).click();
    await page.getByRole('option', { name: 'Everything' }).click();
    const line = (i: number) =>
      host.push('run-log', {
        run: run.summary.id,
        at: new Date(i).toISOString(),
        level: 'info',
        message: `line ${i}`,
      });
    for (let i = 0; i < 60; i++) line(i);
    const atEnd = () =>
      log.evaluate((element) => element.scrollTop + element.clientHeight >= element.scrollHeight - 24);
    await log.getByText('line 59').waitFor();
    await expect.poll(atEnd).toBe(true);
    await log.evaluate((element) => element.scrollTo({ top: 0 }));
    const follow = page.getByRole('switch', { name: 'Follow' });
    await expect.poll(() => follow.isChecked()).toBe(false);
    line(60);
    await log.getByText('line 60').waitFor();
    expect(await atEnd()).toBe(false);
    await follow.click();
    await expect.poll(atEnd).toBe(true);
  });

  it('says what went wrong, why, and what to do', async () => {
    const { page, run } = await onRun({}, 'crashed');
    const header = page.getByRole('region', { name: 'Progress' });
    await header.getByText('The training process vanished').waitFor();
    await header.getByText(/too little memory: close other programs/).waitFor();
    await header.getByRole('button', { name: 'Resume' }).click();
    await expect.poll(() => run.summary.status).toBe('running');
  });

  it('has a word for everything that is not there yet', async () => {
    const { page, tab, run, host } = await onRun();
    Object.assign(run, { checkpoints: [], series: new Map() });
    Object.assign(run.summary, { epochsDone: 0, stepsDone: 0 });
    host.push('runs-changed', { run: run.summary.id });
    await tab('Confusion');
    await page.getByText('A confusion matrix is of a checkpoint').waitFor();
    host.failing.set('run.histograms', new BitsmithError('io', 'the store cannot be read'));
    await tab('Layers');
    await page.getByRole('alert').getByText('the store cannot be read').waitFor();
    host.failing.clear();
    await page.getByRole('button', { name: 'Try again' }).click();
    await page.getByRole('alert').waitFor({ state: 'hidden' });
  });
});

describe.skipIf(noBrowser).each(['light', 'dark'] as const)(
  `its parts in the %s theme${skipped}`,
  (theme) => {
    let window: TestWindow;
    beforeAll(async () => {
      window = await openTestWindow({
        before: (page) => page.emulateMedia({ colorScheme: theme, reducedMotion: 'reduce' }),
      });
      await window.open(`/runs/${window.host.runs[0]?.summary.id}`);
    });
    afterAll(() => window.close());

    it('have no violation: a layer, its tables, all layers', async () => {
      const { page } = window;
      await page.getByRole('tab', { name: 'Layers' }).click();
      await page.getByRole('region', { name: 'Thresholds' }).scrollIntoViewIfNeeded();
      await page.getByRole('img', { name: /^Thresholds/ }).waitFor();
      expect(await violationsOf(page)).toEqual([]);
      for (const name of ['States', 'Weights over time'])
        await page.getByRole('button', { name: `${name}: show the numbers as a table` }).click();
      expect(await violationsOf(page)).toEqual([]);
      await page.getByRole('tab', { name: 'All layers' }).click();
      await page.getByRole('list', { name: 'Layers' }).waitFor();
      expect(await violationsOf(page)).toEqual([]);
    });

    it('have no violation: a confusion matrix, its classes, the samples of a cell', async () => {
      const { page } = window;
      await page.getByRole('tab', { name: 'Confusion' }).click();
      await page.getByRole('button', { name: 'Compute the matrix' }).click();
      await page.getByRole('grid').waitFor();
      expect(await violationsOf(page)).toEqual([]);
      await page.getByRole('tab', { name: 'Classes' }).click();
      await page.getByRole('button', { name: 'All mistakes' }).click();
      await page.getByRole('dialog').getByRole('img').first().waitFor();
      expect(await violationsOf(page)).toEqual([]);
      await page.keyboard.press('Escape');
    });

    it('have no violation: checkpoints, log', async () => {
      const { page } = window;
      await page.getByRole('tab', { name: 'Checkpoints' }).click();
      await page.getByRole('region', { name: 'Checkpoints' }).waitFor();
      expect(await violationsOf(page)).toEqual([]);
      await page.getByRole('tab', { name: 'Log', exact: true }).click();
      await page.getByRole('log').waitFor();
      expect(await violationsOf(page)).toEqual([]);
    });
  },
);
