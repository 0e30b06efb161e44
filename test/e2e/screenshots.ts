import { mkdirSync } from 'node:fs';
import * as path from 'node:path';
import type { Page } from 'playwright-core';
import { serveHost } from '#main/serve/index.ts';
import { openChromium } from '#test/support/chromium.ts';
import { createFakeHost, type FakeHost } from '#test/support/fake-host.ts';
import { FAKE_NOW } from '#test/support/fake-runs.ts';

/**
 * Pictures of every page in both themes and at three sizes:
 * `node test/e2e/screenshots.ts [--address URL] [--out FOLDER]`. Without an address the window shows a host in memory;
 * with the address that `bitsmith serve` printed it shows real data.
 */
const option = (name: string) => {
  const at = process.argv.indexOf(`--${name}`);
  return at > 0 ? process.argv[at + 1] : undefined;
};
const folder = path.resolve(option('out') ?? 'docs/screenshots');
const only = option('only');
const SIZES = [
  { suffix: '', width: 1280, height: 800 },
  { suffix: '-1920x1080', width: 1920, height: 1080 },
  { suffix: '-narrow', width: 420, height: 860 },
];

const given = option('address');
const host: FakeHost | undefined = given ? undefined : createFakeHost({ runs: 240, taskTick: 5 });
const server = host ? await serveHost(host) : undefined;
const address = given ?? server?.address ?? '';
mkdirSync(folder, { recursive: true });

const browser = await openChromium();
const page = browser.context.pages()[0] ?? (await browser.context.newPage());
if (host) await page.clock.setFixedTime(FAKE_NOW);
await page.goto(address);
const origin = new URL(page.url()).origin;

for (const theme of ['light', 'dark'] as const) {
  await page.evaluate((value) => localStorage.setItem('bitsmith-theme', value), theme);
  for (const size of SIZES) {
    await page.setViewportSize(size);
    for (const [name, prepare] of Object.entries(scenes())) {
      if (only && !name.startsWith(only)) continue;
      await prepare(page);
      await page.evaluate('document.fonts.ready');
      await page.waitForTimeout(400);
      await page.screenshot({ path: path.join(folder, `${name}-${theme}${size.suffix}.png`) });
    }
  }
}
await browser.close();
await server?.close();
await host?.dispose();

/** How to bring each page to what is worth a picture. */
function scenes(): Record<string, (page: Page) => Promise<void>> {
  const open = async (target: Page, hash: string) => {
    await target.goto('about:blank');
    await target.goto(`${origin}/#${hash}`);
    await target.getByRole('heading', { level: 1 }).waitFor();
  };
  const firstRun = async (target: Page, name: RegExp) => {
    await open(target, '/runs');
    await target.locator('[data-row]').getByRole('link', { name }).first().click();
    await target.getByRole('tab', { name: 'Layers' }).waitFor();
  };
  const writeBundle = async (target: Page) => {
    await open(target, '/export');
    await target.getByRole('radio', { name: /^Balanced / }).check();
    await target.getByRole('region', { name: 'Layers of the plan' }).waitFor();
    await target.getByRole('button', { name: 'Write the bundle' }).click();
    await target.getByText('The bundle is written').first().waitFor();
    await target.getByText('The bundle is written').first().waitFor({ state: 'hidden' });
  };
  const show = (target: Page, region: string) =>
    target.evaluate(`document.querySelector('section[aria-label="${region}"]').scrollIntoView()`);
  return {
    home: async (target) => {
      await open(target, '/');
      await target.getByText('results and gradients agree').first().waitFor();
    },
    datasets: async (target) => {
      await open(target, '/datasets');
      await target.getByRole('region', { name: 'Installed data sets' }).waitFor();
    },
    'datasets-import': async (target) => {
      await open(target, '/datasets');
      await target.getByRole('button', { name: 'Import …' }).click();
      await target.getByLabel('Path').fill('/data/digits');
      await target.getByRole('button', { name: 'Look' }).click();
      await target.getByRole('button', { name: 'Read and check' }).click();
      await target.getByRole('region', { name: 'What was found' }).waitFor();
    },
    'dataset-samples': async (target) => {
      await open(target, '/datasets/mnist');
      await target.getByRole('option', { name: /class \d/ }).waitFor();
    },
    'dataset-sample': async (target) => {
      await open(target, '/datasets/mnist');
      await target.getByRole('listbox').focus();
      await target.keyboard.press('Enter');
      await target.getByRole('dialog').getByRole('img').waitFor();
    },
    'dataset-classes': async (target) => {
      await open(target, '/datasets/mnist');
      await target.getByRole('tab', { name: 'Classes and statistics' }).click();
      await target.getByRole('region', { name: 'Samples of each class' }).waitFor();
    },
    'dataset-integrity': async (target) => {
      await open(target, '/datasets/mnist');
      await target.getByRole('tab', { name: 'Integrity' }).click();
      await target
        .getByRole('button', { name: /^Check/ })
        .first()
        .click();
      await target.getByRole('list', { name: 'Findings' }).waitFor({ timeout: 60_000 });
    },
    'dataset-split': async (target) => {
      await open(target, '/datasets/mnist');
      await target.getByRole('tab', { name: 'Split and augmentation' }).click();
      await target.getByRole('list', { name: 'Samples before and after augmentation' }).waitFor();
      await target.getByRole('option', { name: /class \d/ }).waitFor();
    },
    runs: async (target) => {
      await open(target, '/runs');
      for (const row of [1, 2, 4, 6]) await target.locator(`[data-row="${row}"] input`).click();
      await target.getByRole('img', { name: /Validation accuracy/ }).waitFor();
    },
    'runs-configuration': async (target) => {
      await open(target, '/runs');
      for (const row of [1, 2, 4]) await target.locator(`[data-row="${row}"] input`).click();
      await target.getByRole('tab', { name: 'Configuration' }).click();
      await target.getByText('fields differ').waitFor();
    },
    run: async (target) => {
      await firstRun(target, /./);
      await target.getByRole('img', { name: /^Accuracy/ }).waitFor();
    },
    'run-layers': async (target) => {
      await firstRun(target, /./);
      await target.getByRole('tab', { name: 'Layers' }).click();
      await target.getByRole('img', { name: /^Zero fraction/ }).waitFor();
    },
    'run-sparsity': async (target) => {
      await firstRun(target, /twn/);
      await target.getByRole('tab', { name: 'Sparsity' }).click();
      await target.getByRole('region', { name: 'Sparsity of the layers' }).waitFor();
    },
    'run-plan': async (target) => {
      await firstRun(target, /./);
      await target.getByRole('tab', { name: 'Configuration' }).click();
      await target.getByRole('img', { name: /^Learning rate/ }).waitFor();
    },
    'run-prune': async (target) => {
      await open(target, '/runs');
      await target.getByLabel('Filter the runs').fill('status:finished');
      await target.getByText(/of 240 runs/).waitFor();
      await target.locator('[data-row]').getByRole('link').first().click();
      await target.getByRole('button', { name: 'Prune …' }).click();
      await target
        .getByRole('dialog')
        .getByRole('img', { name: /^Learning rate/ })
        .waitFor();
    },
    searches: async (target) => {
      await open(target, '/searches');
      await target.getByRole('region', { name: 'Searches' }).waitFor();
    },
    search: async (target) => {
      await open(target, '/searches');
      await target.getByRole('region', { name: 'Searches' }).getByRole('link').first().click();
      await target.locator('[data-row="2"]').click();
      await target.getByRole('button', { name: 'Promote to a run' }).waitFor();
      await target.getByRole('img', { name: /^Best so far/ }).waitFor();
    },
    'search-new': async (target) => {
      await open(target, '/searches/new');
      await target.getByRole('button', { name: /Activation functions, as TOT-Net/ }).click();
      await target.getByText('Ready to start').waitFor();
      await target.getByRole('img', { name: /^Learning rate/ }).waitFor();
    },
    export: async (target) => {
      await open(target, '/export');
      await target.getByRole('region', { name: 'Layers of the plan' }).waitFor();
    },
    'export-memory': async (target) => {
      await open(target, '/export');
      await target.getByRole('tab', { name: 'Memory' }).click();
      await target.getByRole('img', { name: /^Flash: / }).waitFor();
      await show(target, 'Plan');
    },
    'export-verified': async (target) => {
      await writeBundle(target);
      await target.getByRole('button', { name: 'Verify' }).click();
      await target.getByText('integer for integer').waitFor({ timeout: 120_000 });
      await show(target, 'Verify');
    },
    'export-report': async (target) => {
      await writeBundle(target);
      await target.getByRole('tab', { name: 'Report' }).click();
      await target.getByRole('region', { name: 'Accumulators' }).waitFor({ timeout: 60_000 });
      await show(target, 'Bundle');
    },
    'export-compare': async (target) => {
      await writeBundle(target);
      await target.getByRole('radio', { name: /^Flash / }).check();
      await target.getByRole('button', { name: 'Write the bundle' }).click();
      await target.getByRole('combobox', { name: 'Bundle', exact: true }).getByText(', flash,').waitFor();
      await target.getByRole('tab', { name: 'Compare' }).click();
      await target.getByRole('region', { name: 'Sizes and costs' }).waitFor({ timeout: 60_000 });
      await target.getByText('The bundle is written').first().waitFor({ state: 'hidden' });
      await show(target, 'Bundle');
    },
  };
}
