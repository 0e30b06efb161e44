import type { WebSocketRoute } from 'playwright-core';
import { afterEach, describe, expect, it } from 'vitest';
import { BitsmithError } from '#shared/base/errors.ts';
import { findChromium } from '#test/support/chromium.ts';
import { openTestWindow, type TestWindow } from './fixtures/window.ts';

const noBrowser = findChromium() === undefined;
const reason = noBrowser ? ' (skipped: no Chromium here)' : '';
let window: TestWindow | undefined;
const start = async (...options: Parameters<typeof openTestWindow>): Promise<TestWindow> =>
  (window = await openTestWindow(...options));
afterEach(async () => {
  const problems = window?.problems ?? [];
  await window?.close();
  window = undefined;
  expect(problems).toEqual([]);
});

describe.skipIf(noBrowser)(`Home${reason}`, () => {
  it('shows back ends with reason and remedy, runs with progress, and data sets', async () => {
    const { page, host, origins } = await start({ tick: 30 });
    const devices = page.getByRole('region', { name: 'Devices' });
    await devices.getByText('no binary for this version of Node').waitFor();
    await devices.getByText('use the WebGPU back end').waitFor();
    await devices.getByText('7 of 7 results and gradients agree').first().waitFor();
    const progress = page.getByRole('progressbar', { name: `Progress of ${host.runs[0]?.summary.name}` });
    const before = Number(await progress.getAttribute('aria-valuenow'));
    await expect
      .poll(async () => Number(await progress.getAttribute('aria-valuenow')))
      .toBeGreaterThan(before);
    await page.getByRole('region', { name: 'Data sets' }).getByText('Fashion-MNIST').waitFor();
    expect([...origins]).toEqual([new URL(page.url()).origin]);
  });

  it('trains the demo with one click: gets the data set, starts the run, shows it live', async () => {
    const { page, host } = await start({ runs: 0, installed: [], tick: 20, taskTick: 60 });
    await page.getByText('No runs yet').waitFor();
    await page.getByRole('button', { name: 'Train the demo network' }).click();
    await page.getByRole('progressbar', { name: 'Get MNIST' }).first().waitFor();
    await page.getByRole('heading', { level: 1, name: 'Demo: MNIST with ternary weights' }).waitFor();
    expect(page.url()).toContain(`#/runs/${host.runs[0]?.summary.id}`);
    await page.getByRole('img', { name: /^Accuracy\. Training: last/ }).waitFor();
  });

  it('can give up a download', async () => {
    const { page, host } = await start({ installed: [], taskTick: 200 });
    await page.getByRole('button', { name: 'Get CIFAR-10' }).click();
    await page.getByRole('region', { name: 'Data sets' }).getByRole('button', { name: 'Cancel' }).click();
    await page.getByText('cancelled by hand').first().waitFor();
    expect(await host.services.dataset.list({})).toEqual([]);
  });
});

describe.skipIf(noBrowser)(`Runs${reason}`, () => {
  it('overlays selected runs, pins a baseline and shows what differs', async () => {
    const { page, open } = await start();
    await open('/runs');
    for (const row of [1, 2, 4]) await page.locator(`[data-row="${row}"] input`).click();
    const comparison = page.getByRole('region', { name: 'Comparison' });
    await comparison.getByRole('img', { name: /^Validation accuracy\. (.*last.*){3}/ }).waitFor();
    await comparison
      .getByRole('button', { name: /^Baseline/ })
      .first()
      .click();
    await comparison.getByRole('tab', { name: 'Numbers' }).click();
    expect(await comparison.getByTitle(/(Better|Worse) than the baseline/).count()).toBeGreaterThan(0);
    await comparison.getByRole('tab', { name: 'Configuration' }).click();
    const rows = comparison.getByRole('region', { name: 'Configurations side by side' }).locator('tbody tr');
    const differing = await rows.count();
    await comparison.getByRole('switch', { name: 'Differences only' }).click();
    expect(await rows.count()).toBeGreaterThan(differing);
  });

  it('hides the curves of a run without forgetting it', async () => {
    const { page, open } = await start();
    await open('/runs');
    for (const row of [1, 2]) await page.locator(`[data-row="${row}"] input`).click();
    await page.getByRole('img', { name: /^Validation loss\. (.*last.*){2}/ }).waitFor();
    await page
      .getByRole('button', { name: /^Curves of/ })
      .first()
      .click();
    await page.getByRole('img', { name: /^Validation loss\. [^;]*last[^;]*$/ }).waitFor();
  });

  it('sorts and filters', async () => {
    const { page, open, host } = await start({ runs: 60 });
    await open('/runs');
    await page.getByRole('button', { name: 'Accuracy' }).click();
    const best = Math.max(
      ...host.runs.map(({ summary }) => summary.accuracy ?? summary.bestValidationAccuracy ?? 0),
    );
    await page
      .locator('[data-row="0"]')
      .getByText(`${(best * 100).toFixed(2)} %`)
      .waitFor();
    await page.getByLabel('Filter the runs').fill('cifar-10 status:finished');
    const fitting = host.runs.filter(
      ({ summary }) => summary.dataset === 'cifar-10' && summary.status === 'finished',
    );
    await page.getByText(`${fitting.length} of 60 runs`).waitFor();
    await page.getByLabel('Filter the runs').fill('there-is-no-such-run');
    await page.getByText('No run fits this filter').waitFor();
  });

  it('holds ten thousand runs, of which only those on screen are drawn', async () => {
    const { page, open } = await start({ runs: 10_000 });
    await open('/runs');
    await page.getByText('10,000 runs').waitFor();
    expect(await page.locator('[data-row]').count()).toBeLessThan(80);
    await page.locator('[data-row="0"]').focus();
    await page.keyboard.press('End');
    await page.locator('[data-row="9999"]:focus').waitFor();
    await page.keyboard.press('Space');
    await page.getByText('1 selected').waitFor();
  });
});

describe.skipIf(noBrowser)(`Run${reason}`, () => {
  const pointsOf = async (page: TestWindow['page']) => {
    const row = page.getByRole('region', { name: 'Accuracy, numbers' }).locator('tbody tr').first();
    return Number(await row.locator('td').last().textContent());
  };

  it('follows the metrics, and notices a batch that was lost', async () => {
    const { page, open, host } = await start();
    const id = host.runs[0]?.summary.id ?? '';
    await open(`/runs/${id}`);
    await page.getByRole('button', { name: 'Accuracy: show the numbers as a table' }).click();
    const there = async () =>
      (await host.services.run.series({ run: id })).series.find((one) => one.name === 'train/accuracy');
    expect(await pointsOf(page)).toBe((await there())?.value.length);
    host.advance(id, 3);
    await expect.poll(() => pointsOf(page)).toBe((await there())?.value.length);
    host.advance(id, 5, true);
    host.advance(id, 2);
    await expect.poll(() => pointsOf(page)).toBe((await there())?.value.length);
  });

  it('offers what the state allows, and does it', async () => {
    const { page, open, host } = await start();
    await open(`/runs/${host.runs[0]?.summary.id}`);
    const controls = page.getByRole('group', { name: 'Controls of the run' });
    const offered = async () =>
      (await controls.getByRole('button').allTextContents()).map((text) => text.trim());
    await expect.poll(offered).toEqual(['Pause', 'Checkpoint now', 'Stop']);
    await controls.getByRole('button', { name: 'Pause' }).click();
    await expect.poll(offered).toEqual(['Resume', 'Stop']);
    await controls.getByRole('button', { name: 'Resume' }).click();
    await expect.poll(offered).toEqual(['Pause', 'Checkpoint now', 'Stop']);
    const before = host.runs[0]?.checkpoints.length ?? 0;
    await controls.getByRole('button', { name: 'Checkpoint now' }).click();
    await expect.poll(() => host.runs[0]?.checkpoints.length).toBe(before + 1);
    await controls.getByRole('button', { name: 'Stop' }).click();
    await page.getByRole('button', { name: 'Stop the run' }).click();
    await expect.poll(offered).toEqual(['Resume']);
    expect(host.runs[0]?.summary.status).toBe('stopped');
  });

  it('shows layers, checkpoints, journal and configuration', async () => {
    const { page, open, host } = await start();
    const run = host.runs[0];
    await open(`/runs/${run?.summary.id}`);
    await page.getByRole('tab', { name: 'Layers' }).click();
    for (const name of ['Weights', 'Zero fraction', 'Flip ratio']) {
      await page.getByRole('region', { name, exact: true }).scrollIntoViewIfNeeded();
      await page.getByRole('img', { name: new RegExp(`^${name}`) }).waitFor();
    }
    await page.getByRole('tab', { name: 'Checkpoints' }).click();
    expect(await page.getByRole('region', { name: 'Checkpoints' }).locator('tbody tr').count()).toBe(
      run?.checkpoints.length,
    );
    await page.getByRole('tab', { name: 'Log' }).click();
    await page.getByRole('log').getByText('truth probe passed').waitFor();
    const at = '2026-03-14T09:30:00.000Z';
    host.push('run-log', {
      run: run?.summary.id ?? '',
      at,
      level: 'warning',
      message: 'the loss rose for three epochs',
    });
    await page.getByRole('log').getByText('the loss rose for three epochs').waitFor();
    await page.getByRole('tab', { name: 'Configuration' }).click();
    await page.getByText('"optimizer"').waitFor();
  });

  it('changes name, tags and notes', async () => {
    const { page, open, host } = await start();
    await open(`/runs/${host.runs[1]?.summary.id}`);
    await page.getByRole('button', { name: 'More' }).click();
    await page.getByRole('menuitem', { name: 'Edit name, tags, notes' }).click();
    await page.getByLabel('Name').fill('The one for the paper');
    await page.getByLabel('Notes').fill('Below 16 KB.');
    await page.getByRole('button', { name: 'Save' }).click();
    await page.getByRole('heading', { level: 1, name: 'The one for the paper' }).waitFor();
    expect(host.runs[1]?.summary).toMatchObject({ name: 'The one for the paper', notes: 'Below 16 KB.' });
  });

  it('says that a run does not exist', async () => {
    const { page, open } = await start();
    await open('/runs/r0000');
    await page.getByText('there is no run "r0000"').waitFor();
  });
});

describe.skipIf(noBrowser)(`when something goes wrong${reason}`, () => {
  it('each page says what, and tries again when asked', async () => {
    const error = new BitsmithError('io', 'the store cannot be read: the disk is full');
    const { page, open, host } = await start({ failing: new Map([['run.list', error]]) });
    await open('/runs');
    await page.getByRole('alert').getByText(error.message).waitFor();
    host.failing.clear();
    await page.getByRole('button', { name: 'Try again' }).click();
    await page.getByText('24 runs').waitFor();
  });

  it('a lost connection is shown, and what was missed is caught up with', async () => {
    const routes: WebSocketRoute[] = [];
    let refuse = false;
    const { page, open, host, problems } = await start({
      before: (target) =>
        target.routeWebSocket('**/wire', (route) => {
          if (refuse) {
            void route.close();
            return;
          }
          routes.push(route);
          route.connectToServer();
        }),
    });
    await open('/runs');
    await page.getByText('24 runs').waitFor();
    refuse = true;
    await routes.at(-1)?.close();
    await page.getByText('The connection to Bitsmith is lost').waitFor();
    await host.services.run.delete({ runs: [host.runs[1]?.summary.id ?? ''] });
    refuse = false;
    // It may have come back by itself before the click.
    await page
      .getByRole('button', { name: 'Try now' })
      .click({ timeout: 2_000 })
      .catch(() => undefined);
    await page.getByText('23 runs').waitFor();
    await page.getByText('The connection to Bitsmith is lost').waitFor({ state: 'hidden' });
    problems.length = 0;
  });
});

describe.skipIf(noBrowser)(`with the keyboard alone${reason}`, () => {
  it('commands, pages, and the table are reached', async () => {
    const { page, host } = await start();
    await page.keyboard.press('Control+k');
    await page.getByPlaceholder('Go to a page or a run').waitFor();
    await page.keyboard.type('firmware');
    await page.getByRole('option', { name: /Export/ }).waitFor();
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { level: 1, name: 'Export' }).waitFor();
    await page.keyboard.press('Alt+6');
    await page.getByRole('heading', { level: 1, name: 'Runs' }).waitFor();
    await page.locator('[data-row="0"]').waitFor();
    await page.getByRole('button', { name: 'Created' }).focus();
    await page.keyboard.press('Tab');
    await page.keyboard.press('ArrowDown');
    await page.locator('[data-row="1"]:focus').waitFor();
    await page.keyboard.press('Shift+ArrowDown');
    await page.getByText('2 selected').waitFor();
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { level: 1, name: host.runs[2]?.summary.name ?? '' }).waitFor();
  });

  it('the border of the comparison moves', async () => {
    const { page, open } = await start();
    await open('/runs');
    await page.locator('[data-row="1"] input').click();
    const border = page.getByRole('separator', { name: /Border/ });
    const before = Number(await border.getAttribute('aria-valuenow'));
    await border.focus();
    await page.keyboard.press('ArrowDown');
    expect(Number(await border.getAttribute('aria-valuenow'))).toBeGreaterThan(before);
  });
});

describe.skipIf(noBrowser)(`the theme${reason}`, () => {
  it('follows the system until a person chooses, and stays chosen', async () => {
    const { page } = await start();
    const dark = () => page.evaluate<boolean>('document.documentElement.classList.contains("dark")');
    await page.emulateMedia({ colorScheme: 'dark' });
    await expect.poll(dark).toBe(true);
    await page.emulateMedia({ colorScheme: 'light' });
    await expect.poll(dark).toBe(false);
    await page.getByRole('button', { name: 'Theme' }).click();
    await page.getByRole('menuitemcheckbox', { name: 'Dark' }).click();
    await expect.poll(dark).toBe(true);
    await page.reload();
    await page.getByRole('heading', { level: 1 }).waitFor();
    expect(await dark()).toBe(true);
  });
});
