import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { BitsmithError } from '#shared/base/errors.ts';
import { FIRST_DOCUMENT, newDraft } from '#renderer/stores/draft/new-draft.ts';
import { findChromium } from '#test/support/chromium.ts';
import { violationsOf } from './fixtures/axe.ts';
import { openTestWindow, type TestWindow } from './fixtures/window.ts';

const noBrowser = findChromium() === undefined;

/** Each page in the states that people meet it in. */
const scenes: Record<string, (window: TestWindow) => Promise<void>> = {
  Home: async ({ page, open }) => {
    await open('/');
    await page.getByText('results and gradients agree').first().waitFor();
  },
  'Home, the guide dismissed and a draft kept': async ({ page, host, open }) => {
    await host.services.draft.write({ draft: newDraft(FIRST_DOCUMENT) });
    await page.getByRole('region', { name: 'Open drafts' }).waitFor();
    await page.getByRole('button', { name: 'Dismiss' }).click();
    await page.getByRole('button', { name: 'First-run guide' }).waitFor();
    await page.getByRole('button', { name: /^All \d+ templates/ }).click();
    await open('/');
  },
  'The bar of the guide': async ({ page, open }) => {
    await page.getByRole('button', { name: 'First-run guide' }).click();
    await open('/datasets');
    await page.getByRole('region', { name: 'First-run guide' }).waitFor();
    await page.getByRole('region', { name: 'Catalogue' }).getByRole('listitem').first().waitFor();
  },
  'Settings, the guide left': async ({ page, open }) => {
    await page.getByRole('button', { name: 'Leave the guide' }).click();
    await open('/settings');
    await page.getByRole('region', { name: 'Data folder' }).getByText(/B$/).first().waitFor();
    await page
      .getByRole('region', { name: 'Compilers and emulators' })
      .getByRole('listitem')
      .first()
      .waitFor();
  },
  'Keyboard shortcuts': async ({ page }) => {
    await page.keyboard.press('?');
    await page.getByRole('dialog', { name: 'Keyboard shortcuts' }).waitFor();
  },
  Runs: async ({ page, open }) => {
    await page.keyboard.press('Escape');
    await page.getByRole('dialog').waitFor({ state: 'hidden' });
    await open('/runs');
    await page.locator('[data-row="3"]').waitFor();
  },
  'Runs, compared': async ({ page }) => {
    for (const row of [1, 2, 4]) await page.locator(`[data-row="${row}"] input`).click();
    await page.getByRole('img', { name: /^Validation accuracy/ }).waitFor();
  },
  'Runs, numbers': async ({ page }) => {
    await page
      .getByRole('button', { name: /^Baseline/ })
      .first()
      .click();
    await page.getByRole('tab', { name: 'Numbers' }).click();
    await page
      .getByTitle(/than the baseline/)
      .first()
      .waitFor();
  },
  'Runs, configurations': async ({ page }) => {
    await page.getByRole('tab', { name: 'Configuration' }).click();
    await page.getByText('fields differ').waitFor();
  },
  'Runs, recently deleted': async ({ page }) => {
    await page.getByRole('button', { name: 'Delete', exact: true }).click();
    await page.getByRole('button', { name: 'More' }).click();
    await page.getByRole('menuitem', { name: 'Recently deleted…' }).click();
    await page.getByRole('dialog', { name: 'Recently deleted' }).getByRole('listitem').first().waitFor();
  },
  Run: async ({ page, open, host }) => {
    await page.getByRole('button', { name: /^Restore all/ }).click();
    await page.getByRole('dialog').getByRole('listitem').first().waitFor({ state: 'detached' });
    await page.keyboard.press('Escape');
    await open(`/runs/${host.runs[0]?.summary.id}`);
    await page.getByRole('img', { name: /^Accuracy/ }).waitFor();
  },
  'Run, numbers of a chart': async ({ page }) => {
    await page.getByRole('button', { name: 'Accuracy: show the numbers as a table' }).click();
  },
  'Run, layers': async ({ page }) => {
    await page.getByRole('tab', { name: 'Layers' }).click();
    await page.getByRole('img', { name: /^Weights/ }).waitFor();
  },
  'Run, checkpoints': async ({ page }) => {
    await page.getByRole('tab', { name: 'Checkpoints' }).click();
    await page.getByRole('region', { name: 'Checkpoints' }).waitFor();
  },
  'Run, journal': async ({ page }) => {
    await page.getByRole('tab', { name: 'Log' }).click();
    await page.getByRole('log').waitFor();
  },
  'Run, configuration': async ({ page }) => {
    await page.getByRole('tab', { name: 'Configuration' }).click();
    await page.getByText('"optimizer"').waitFor();
  },
  'Run, crashed': async ({ page, open, host }) => {
    await open(`/runs/${host.runs.find(({ summary }) => summary.status === 'crashed')?.summary.id}`);
    await page.getByText('The training process vanished').waitFor();
  },
  'Run, sparsity': async ({ page, open, host }) => {
    await open(`/runs/${host.runs.find(({ summary }) => summary.status === 'finished')?.summary.id}`);
    await page.getByRole('tab', { name: 'Sparsity' }).click();
    await page.getByRole('region', { name: 'Sparsity of the layers' }).waitFor();
  },
  'Run, pruning': async ({ page }) => {
    await page.getByRole('button', { name: 'Prune …' }).click();
    await page.getByRole('dialog').getByLabel('Levels').fill('0.9, 0.5');
    await page.getByText('must be above the one before it').waitFor();
  },
  Searches: async ({ page, open }) => {
    await page.keyboard.press('Escape');
    await open('/searches');
    await page.getByRole('region', { name: 'Searches' }).waitFor();
  },
  'Search, a trial': async ({ page, open }) => {
    await open('/searches/s1');
    await page.getByRole('img', { name: /^Generations/ }).waitFor();
    await page.locator('[data-row="2"]').click();
    await page.getByRole('button', { name: 'Promote to a run' }).waitFor();
  },
  'Search, promotion': async ({ page }) => {
    await page.getByRole('button', { name: 'Promote to a run' }).click();
    await page
      .getByRole('dialog')
      .getByRole('img', { name: /^Learning rate/ })
      .waitFor();
  },
  'Search, question before deleting': async ({ page, open }) => {
    await page.keyboard.press('Escape');
    await open('/searches/s2');
    await page.getByRole('img', { name: /^Rungs/ }).waitFor();
    await page.getByRole('button', { name: 'More' }).click();
    await page.getByRole('menuitem', { name: 'Delete' }).click();
    await page.getByRole('checkbox', { name: 'Delete its runs too' }).waitFor();
  },
  'Search, configuration': async ({ page }) => {
    await page.keyboard.press('Escape');
    await page.getByRole('dialog').waitFor({ state: 'hidden' });
    await page.getByRole('tab', { name: 'Configuration' }).click();
    await page.getByRole('region', { name: 'Configuration of the search' }).waitFor();
  },
  'New search': async ({ page, open }) => {
    await open('/searches/new');
    await page.getByRole('button', { name: /Activation functions, as TOT-Net/ }).click();
    await page.getByText(/Ready to start. At most 100 trials/).waitFor();
  },
  'New search, wrong': async ({ page }) => {
    await page.getByLabel('Population').fill('1');
    await page.getByText('to be mended').waitFor();
  },
  Export: async ({ page, open }) => {
    await open('/export');
    await page.getByRole('radio', { name: /Cortex-M4/ }).waitFor();
    await page.getByRole('region', { name: 'Layers of the plan' }).waitFor();
    await page.getByText('Advanced').click();
  },
  'Export, a packing that does not fit': async ({ page }) => {
    await page.getByRole('combobox', { name: 'Packing of act2' }).click();
    await page.getByRole('option', { name: /masks/ }).click();
    await page.getByRole('radio', { name: /^Reference kernels/ }).check();
    await page.getByText('no layer of that name has packed weights').waitFor();
  },
  'Export, memory': async ({ page }) => {
    await page.getByRole('radio', { name: /^The best of all/ }).check();
    await page.getByText('no layer of that name has packed weights').waitFor({ state: 'hidden' });
    await page.getByRole('tab', { name: 'Memory' }).click();
    await page.getByRole('img', { name: /^Flash: / }).waitFor();
    await page.getByRole('combobox', { name: 'Board' }).click();
    await page.getByRole('option', { name: 'Your own board' }).click();
    await page.getByLabel('RAM in KiB').fill('1');
    await page.getByText('does not fit').waitFor();
  },
  'Export, memory in tables': async ({ page }) => {
    await page.getByRole('button', { name: 'Show the numbers as tables' }).click();
    await page.getByRole('region', { name: 'Arena by layer' }).waitFor();
  },
  'Export, verified': async ({ page }) => {
    await page.getByRole('button', { name: 'Write the bundle' }).click();
    await page.getByText('The bundle is written').first().waitFor();
    await page.getByRole('button', { name: 'Verify' }).click();
    await page.getByText('integer for integer').waitFor();
    await page.getByRole('region', { name: 'Layers of the verification' }).waitFor();
    await page.getByText('The bundle is written').first().waitFor({ state: 'hidden' });
  },
  'Export, report': async ({ page }) => {
    await page.getByRole('tab', { name: 'Report' }).click();
    await page.getByRole('region', { name: 'Last verification' }).waitFor();
  },
  'Export, comparison': async ({ page }) => {
    await page.getByRole('radio', { name: /^Speed/ }).check();
    await page.getByRole('button', { name: 'Write the bundle' }).click();
    await page.getByRole('combobox', { name: 'Bundle', exact: true }).getByText(', speed,').waitFor();
    await page.getByRole('tab', { name: 'Compare' }).click();
    await page.getByRole('region', { name: 'Sizes and costs' }).waitFor();
    await page.getByText('The bundle is written').first().waitFor({ state: 'hidden' });
  },
  'Command palette': async ({ page }) => {
    await page.keyboard.press('Control+k');
    await page.getByPlaceholder('Go to a page or a run').waitFor();
  },
  'Something failed': async ({ page, host, open }) => {
    await page.keyboard.press('Escape');
    await page.getByPlaceholder('Go to a page or a run').waitFor({ state: 'hidden' });
    host.failing.set('run.get', new BitsmithError('io', 'the store cannot be read'));
    await open('/runs/r-unknown');
    await page.getByRole('alert').getByText('the store cannot be read').first().waitFor();
    host.failing.clear();
  },
};

describe.skipIf(noBrowser).each(['light', 'dark'] as const)(
  `accessibility, %s theme${noBrowser ? ' (skipped: no Chromium here)' : ''}`,
  (theme) => {
    let window: TestWindow;
    beforeAll(async () => {
      window = await openTestWindow({
        before: (page) => page.emulateMedia({ colorScheme: theme, reducedMotion: 'reduce' }),
      });
    });
    afterAll(() => window.close());

    it.each(Object.keys(scenes))('%s', async (name) => {
      await scenes[name]?.(window);
      expect(await violationsOf(window.page)).toEqual([]);
    });
  },
);

describe.skipIf(noBrowser)(
  `accessibility of an empty window${noBrowser ? ' (skipped: no Chromium here)' : ''}`,
  () => {
    let window: TestWindow;
    beforeAll(async () => {
      window = await openTestWindow({ runs: 0, installed: [] });
    });
    afterAll(() => window.close());

    it.each(['/', '/runs', '/export'])('%s', async (route) => {
      await window.open(route);
      await window.page.getByRole('button', { name: 'Train the demo network' }).waitFor();
      expect(await violationsOf(window.page)).toEqual([]);
    });
  },
);
