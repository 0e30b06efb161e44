import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { BitsmithError } from '#shared/base/errors.ts';
import { findChromium } from '#test/support/chromium.ts';
import { violationsOf } from './fixtures/axe.ts';
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

/** How many different colours the grid's canvas shows: one or two while nothing is drawn. */
const coloursOf = (page: TestWindow['page']) =>
  page.evaluate<number>(`(() => {
    const canvas = document.querySelector('[role=listbox] canvas');
    // Not read itself: the browser would move it off the graphics card.
    const copy = document.createElement('canvas');
    [copy.width, copy.height] = [canvas.width, canvas.height];
    const context = copy.getContext('2d', { willReadFrequently: true });
    context.drawImage(canvas, 0, 0);
    const { data } = context.getImageData(0, 0, copy.width, copy.height);
    return new Set(new Uint32Array(data.buffer)).size;
  })()`);

describe.skipIf(noBrowser)(`Data sets: catalogue${reason}`, () => {
  it('gets a set with progress, can be cancelled, and says why it failed', async () => {
    const { page, open, host } = await start({ installed: [], taskTick: 80 });
    await open('/datasets');
    await page.getByText('No data set is installed yet').waitFor();
    const row = page.getByRole('listitem', { name: 'CIFAR-10' });
    await row.getByText('in another order').waitFor();
    await row.getByRole('button', { name: 'Get CIFAR-10' }).click();
    await row.getByRole('progressbar').waitFor();
    await row.getByRole('button', { name: 'Cancel' }).click();
    await row.getByRole('alert').getByText('cancelled by hand').waitFor();
    host.failing.set('dataset.get', new BitsmithError('io', 'cannot get cifar-10: no connection'));
    await row.getByRole('button', { name: 'Try again to get CIFAR-10' }).click();
    await row.getByRole('alert').getByText('no connection').waitFor();
    host.failing.clear();
    await row.getByRole('button', { name: 'Try again to get CIFAR-10' }).click();
    await row.getByText('Installed').waitFor();
    const table = page.getByRole('region', { name: 'Installed data sets' });
    await table.getByRole('row', { name: /CIFAR-10.*32 × 32, colour.*50,000.*10,000/ }).waitFor();
  });

  it('deletes only after a question that says what needs it', async () => {
    const { page, open, host } = await start();
    await open('/datasets');
    await page.getByRole('button', { name: 'Delete MNIST', exact: true }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByText(/52.4 MiB of samples.*can be downloaded again.*runs were trained on it/).waitFor();
    await dialog.getByRole('button', { name: 'Cancel' }).click();
    await dialog.waitFor({ state: 'hidden' });
    expect((await host.services.dataset.list({})).map(({ name }) => name)).toContain('mnist');
    await page.getByRole('button', { name: 'Delete MNIST', exact: true }).click();
    await dialog.getByRole('button', { name: 'Delete the data set' }).click();
    await page.getByRole('button', { name: 'Get MNIST' }).waitFor();
    expect((await host.services.dataset.list({})).map(({ name }) => name)).not.toContain('mnist');
  });

  it('says what cannot be read, and tries again', async () => {
    const error = new BitsmithError('io', 'the data folder cannot be read');
    const failing = new Map([['dataset.list', error] as const, ['dataset.catalogue', error] as const]);
    const { page, open, host } = await start({ failing });
    await open('/datasets');
    await page.getByText('The data sets cannot be listed').waitFor();
    await page.getByText('The catalogue cannot be listed').waitFor();
    host.failing.clear();
    await page.getByRole('button', { name: 'Try again' }).first().click();
    await page.getByRole('link', { name: 'Fashion-MNIST' }).waitFor();
  });
});

describe.skipIf(noBrowser)(`Data sets: import${reason}`, () => {
  it('shows the plan and what was found before anything is written, then installs', async () => {
    const { page, open, host } = await start();
    await open('/datasets');
    await page.getByRole('button', { name: 'Import …' }).click();
    const dialog = page.getByRole('dialog', { name: 'Import a data set' });
    await dialog.getByLabel('Path').fill('/data/nothing-here');
    await dialog.getByRole('button', { name: 'Look' }).click();
    await dialog.getByRole('alert').getByText('there is no folder or archive /data/nothing-here').waitFor();
    await dialog.getByLabel('Path').fill('/data/My Digits');
    await dialog.getByRole('button', { name: 'Look' }).click();
    await dialog.getByRole('radio', { name: /IDX files/ }).waitFor();
    expect(await dialog.getByRole('radio', { name: /IDX files/ }).isChecked()).toBe(true);
    expect(await dialog.getByRole('radio', { name: /CIFAR/ }).isDisabled()).toBe(true);
    await dialog
      .getByRole('region', { name: 'Files that will be read' })
      .getByText('train-images-idx3-ubyte.gz')
      .waitFor();
    await dialog.getByLabel('Class names').fill('cat\ncat');
    await dialog.getByText('the class name "cat" is empty or occurs twice').waitFor();
    await dialog.getByLabel('Class names').fill('cat\ndog\nowl');
    await dialog.getByRole('button', { name: 'Read and check' }).click();
    await dialog.getByRole('region', { name: 'What was found' }).getByText('120').first().waitFor();
    expect((await host.services.dataset.list({})).map(({ name }) => name)).not.toContain('my-digits');
    await dialog.getByLabel('Name', { exact: true }).fill('mnist');
    await dialog.getByText('There is a data set mnist already').waitFor();
    await dialog.getByLabel('Name', { exact: true }).fill('My Digits');
    await dialog.getByText('Lower-case letters, digits and hyphens').waitFor();
    await dialog.getByLabel('Name', { exact: true }).fill('my-digits');
    await dialog.getByRole('button', { name: 'Import 144 samples' }).click();
    await page.getByRole('heading', { level: 1, name: 'my-digits' }).waitFor();
    expect(page.url()).toContain('#/datasets/my-digits');
  });

  it('names the file and the byte of what is wrong', async () => {
    const { page, open } = await start();
    await open('/datasets?import=/data/broken');
    const dialog = page.getByRole('dialog', { name: 'Import a data set' });
    // A place that is handed over is looked at without being asked.
    await dialog.getByRole('button', { name: 'Read and check' }).click();
    await dialog.getByRole('alert').getByText('train-labels-idx1-ubyte.gz, byte 11').waitFor();
    expect(await dialog.getByRole('button', { name: /^Import \d/ }).count()).toBe(0);
  });
});

/** Takes an option of the list that has the focus, with the keyboard. */
async function choose(page: TestWindow['page'], name: string): Promise<void> {
  await page.keyboard.press('Enter');
  const highlighted = page.locator('[role=option][data-highlighted]');
  await highlighted.waitFor();
  await page.keyboard.press('End');
  await highlighted.filter({ hasText: name }).waitFor();
  await page.keyboard.press('Enter');
}

describe.skipIf(noBrowser)(`Data sets: options of an import${reason}`, () => {
  it('shows pictures as they will be, says what is wrong at its field, and names files afterwards', async () => {
    const { page, open, host } = await start();
    await open('/datasets?import=/data/pictures');
    const dialog = page.getByRole('dialog', { name: 'Import a data set' });
    const pictures = dialog.getByRole('region', { name: 'The first pictures as samples' });
    await pictures.getByText('the samples are 24 × 24, colour').waitFor();
    await dialog.getByLabel('Height', { exact: true }).fill('2000');
    await dialog.getByText(/"height" is 2000/).waitFor();
    expect(await dialog.getByRole('button', { name: 'Read and check' }).isDisabled()).toBe(true);
    await dialog.getByLabel('Height', { exact: true }).fill('16');
    await pictures.getByText('the samples are 16 × 16, colour').waitFor();
    await dialog.getByRole('button', { name: 'Read and check' }).click();
    const found = dialog.getByRole('region', { name: 'What was found' });
    await found.getByText('1 file cannot be read and is left out').waitFor();
    await found.getByRole('rowheader', { name: 'owl/013.png' }).waitFor();
    await dialog.getByRole('button', { name: 'Import 144 samples' }).click();
    await page.getByRole('heading', { level: 1, name: 'pictures' }).waitFor();
    const info = (await host.services.dataset.list({})).find(({ name }) => name === 'pictures');
    expect(info?.imported?.options).toEqual({ height: 16 });
    const grid = page.getByRole('listbox', { name: 'Training samples' });
    await grid.focus();
    await page.keyboard.press('Enter');
    await page.getByRole('dialog', { name: 'Training sample 0' }).getByText('cat/000.png').waitFor();
    await page.keyboard.press('Escape');
    await page.getByRole('tab', { name: 'Integrity' }).click();
    await page.getByRole('button', { name: 'Check 144 samples' }).click();
    await page.getByRole('list', { name: 'Findings' }).getByText('1 file was left out of the set').waitFor();
  });

  it('makes windows of a series with the keyboard, and shows raw values', async () => {
    const { page, open, host } = await start();
    await open('/datasets?import=/data/walk');
    const dialog = page.getByRole('dialog', { name: 'Import a data set' });
    const columns = dialog.getByRole('region', { name: 'Columns of the table' });
    const role = (name: string) => columns.getByRole('combobox', { name: `Use ${name} as` });
    await role('time').focus();
    expect(await role('activity').textContent()).toContain('Class');
    await choose(page, 'Left out');
    await expect.poll(() => role('time').textContent()).toContain('Left out');
    await columns.getByLabel('x, value of byte 0').fill('9');
    await columns.getByLabel('x, value of byte 255').fill('4');
    await dialog.getByText(/two numbers, the second of them greater/).waitFor();
    await columns.getByLabel('x, value of byte 0').fill('-4');
    await dialog.getByRole('combobox', { name: 'Samples', exact: true }).focus();
    await choose(page, 'windows');
    await dialog.getByLabel('Window', { exact: true }).fill('32');
    await dialog.getByRole('button', { name: 'Read and check' }).focus();
    await page.keyboard.press('Enter');
    await dialog.getByText('12 of 4,000 test values').waitFor();
    await dialog.getByText('32 rows of 3 columns').waitFor();
    await dialog.getByRole('button', { name: 'Import 144 samples' }).focus();
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { level: 1, name: 'walk' }).waitFor();
    const info = (await host.services.dataset.list({})).find(({ name }) => name === 'walk');
    expect(info?.imported?.options).toMatchObject({
      columns: ['x', 'y', 'z'],
      ranges: { x: [-4, 4] },
      samples: 'windows',
      window: 32,
    });
    await page.getByRole('listbox', { name: 'Training samples' }).focus();
    await page.keyboard.press('Enter');
    const values = page.getByRole('region', { name: 'Values of the sample' });
    await values.getByRole('rowheader', { name: 'z' }).waitFor();
    expect(await violationsOf(page)).toEqual([]);
  });
});

describe.skipIf(noBrowser)(`Data set${reason}`, () => {
  it('shows sixty thousand samples on one canvas, wherever it is scrolled to', async () => {
    const { page, open } = await start();
    await open('/datasets/mnist');
    const grid = page.getByRole('listbox', { name: 'Training samples' });
    await page.getByText('60,000 samples').waitFor();
    await expect.poll(() => coloursOf(page)).toBeGreaterThan(20);
    expect(await grid.locator('*').count()).toBeLessThan(10);
    await grid.evaluate((element) => ((element as unknown as { scrollTop: number }).scrollTop = 40_000));
    await expect.poll(() => coloursOf(page)).toBeGreaterThan(20);
    await page.getByLabel('Number of the sample to go to').fill('59999');
    await page.keyboard.press('Enter');
    await page.getByRole('option', { name: /^Sample 59999, class \d$/ }).waitFor();
    await page.getByLabel('Number of the sample to go to').fill('60000');
    await page.keyboard.press('Enter');
    await page.getByText('There is no sample 60000 in this list').waitFor();
  });

  it('filters by class and part, and shows a sample with its bytes', async () => {
    const { page, open } = await start();
    await open('/datasets/cifar-10');
    await page.getByText('there is no data set "cifar-10"').waitFor();
    await open('/datasets/mnist');
    await page.getByRole('tab', { name: 'Classes and statistics' }).click();
    await page.getByRole('button', { name: 'Show the 1,000 test samples of 7' }).click();
    await page.getByText('1,000 samples').waitFor();
    const option = page.getByRole('option', { name: /class 7$/ });
    await option.waitFor();
    await page.getByRole('listbox', { name: 'Test samples' }).click({ position: { x: 70, y: 20 } });
    const dialog = page.getByRole('dialog', { name: /^Test sample/ });
    await dialog.getByRole('img', { name: /class 7$/ }).waitFor();
    await dialog.getByText('2 of 1,000 in this list').waitFor();
    const bytes = await dialog.getByRole('region', { name: 'Bytes of the sample' }).textContent();
    expect(bytes?.trim().split(/\s+/)).toHaveLength(28 * 28);
  });

  it('checks its integrity once, and shows what was found', async () => {
    const { page, open } = await start();
    await open('/datasets/mnist');
    await page.getByRole('tab', { name: 'Integrity' }).click();
    await page.getByRole('button', { name: 'Check 70,000 samples' }).click();
    const findings = page.getByRole('list', { name: 'Findings' });
    await findings.getByText('2 of 10,000 test samples: they measure memory').waitFor();
    await findings.getByText('1 group: at least one of the labels is wrong').waitFor();
    await findings.getByText('1 of 70,000 samples: all 8 nearest training samples').waitFor();
    const unusual = page.getByRole('region', { name: 'Labels unlike their neighbours’' });
    await unusual.getByRole('button', { name: /like \d training 5001/ }).click();
    await page.getByRole('dialog', { name: 'Training sample 5,001' }).waitFor();
    await page.keyboard.press('Escape');
    await page.reload();
    await page.getByRole('tab', { name: 'Integrity' }).click();
    await findings.waitFor();
  });

  it('shows the split and the augmentation of a run, and refuses what a run would refuse', async () => {
    const { page, open } = await start();
    await open('/datasets/mnist');
    await page.getByRole('tab', { name: 'Split and augmentation' }).click();
    await page.getByText('54,000 to train on, 6,000 to validate, 10,000 to test').waitFor();
    const pairs = page.getByRole('list', { name: 'Samples before and after augmentation' });
    expect(await pairs.getByRole('listitem').count()).toBe(12);
    const text = await pairs.textContent();
    await page.getByRole('button', { name: 'Next epoch' }).click();
    await expect.poll(() => pairs.textContent()).not.toBe(text);
    await page.getByLabel('Validation', { exact: true }).fill('0.7');
    await page.getByText(/0\.7.*0\.5/).waitFor();
    await page.getByText('54,000 to train on').waitFor();
    await page.getByLabel('Validation', { exact: true }).fill('0.25');
    await page.getByText('45,000 to train on, 15,000 to validate').waitFor();
    await page.getByLabel('Padding before the random crop').fill('0');
    await page.getByText('off: every epoch shows the samples as they are').waitFor();
  });
});

describe.skipIf(noBrowser)(`Data sets with the keyboard alone${reason}`, () => {
  it('imports, walks the samples, and opens one', async () => {
    const { page } = await start();
    await page.keyboard.press('Control+k');
    await page.getByPlaceholder('Go to a page or a run').waitFor();
    await page.keyboard.type('data sets');
    await page.getByRole('option', { name: /Data sets/ }).waitFor();
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { level: 1, name: 'Data sets' }).waitFor();
    await page.getByRole('button', { name: 'Import …' }).focus();
    await page.keyboard.press('Enter');
    await page.getByLabel('Path').waitFor();
    await expect.poll(() => page.evaluate('document.activeElement.getAttribute("aria-label")')).toBe('Path');
    await page.keyboard.type('/data/digits');
    await page.keyboard.press('Enter');
    await page.getByRole('radio', { name: /IDX files/ }).waitFor();
    await page.getByLabel('Path').focus();
    await page.keyboard.press('Enter');
    await page.getByRole('region', { name: 'What was found' }).waitFor();
    await page.getByLabel('Path').focus();
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { level: 1, name: 'digits' }).waitFor();
    const grid = page.getByRole('listbox', { name: 'Training samples' });
    await grid.focus();
    await page.keyboard.press('End');
    await page.getByRole('option', { name: /^Sample 199,/ }).waitFor();
    await page.keyboard.press('Home');
    await page.keyboard.press('ArrowRight');
    await page.keyboard.press('Enter');
    await page.getByRole('dialog', { name: 'Training sample 1', exact: true }).waitFor();
    await page.getByRole('button', { name: 'Next' }).focus();
    await page.keyboard.press('ArrowRight');
    await page.getByRole('dialog', { name: 'Training sample 2', exact: true }).waitFor();
    await page.keyboard.press('Escape');
    await page.getByRole('option', { name: /^Sample 2,/ }).waitFor();
  });
});

/** The pages in the states that people meet them in. */
const scenes: Record<string, (window: TestWindow) => Promise<void>> = {
  'Data sets': async ({ page, open }) => {
    await open('/datasets');
    await page.getByRole('link', { name: 'Fashion-MNIST', exact: true }).waitFor();
  },
  'Data sets, a failed download': async ({ page, host }) => {
    host.failing.set('dataset.get', new BitsmithError('io', 'cannot get cifar-10: no connection'));
    await page.getByRole('button', { name: 'Get CIFAR-10' }).click();
    await page.getByRole('alert').getByText('no connection').waitFor();
    host.failing.clear();
  },
  'Import, found': async ({ page }) => {
    await page.getByRole('button', { name: 'Import …' }).click();
    await page.getByLabel('Path').fill('/data/digits');
    await page.getByRole('button', { name: 'Look' }).click();
    await page.getByRole('button', { name: 'Read and check' }).click();
    await page.getByRole('region', { name: 'What was found' }).waitFor();
  },
  'Import, pictures': async ({ page }) => {
    await page.getByLabel('Path').fill('/data/pictures');
    await page.getByRole('button', { name: 'Look' }).click();
    await page.getByText('the samples are 24 × 24').waitFor();
  },
  'Import, a table': async ({ page }) => {
    await page.getByLabel('Path').fill('/data/walk');
    await page.getByRole('button', { name: 'Look' }).click();
    await page.getByRole('region', { name: 'Columns of the table' }).waitFor();
  },
  'Import, wrong': async ({ page }) => {
    await page.getByLabel('Path').fill('/data/nothing');
    await page.getByRole('button', { name: 'Look' }).click();
    await page.getByRole('dialog').getByRole('alert').waitFor();
  },
  'Data set, samples': async ({ page, open }) => {
    await page.keyboard.press('Escape');
    await page.getByRole('dialog').waitFor({ state: 'hidden' });
    await open('/datasets/mnist');
    await page.getByRole('option', { name: /class \d/ }).waitFor();
  },
  'Data set, a sample': async ({ page }) => {
    await page.getByRole('listbox').focus();
    await page.keyboard.press('Enter');
    await page.getByRole('dialog').getByRole('img').waitFor();
  },
  'Data set, classes': async ({ page }) => {
    await page.keyboard.press('Escape');
    await page.getByRole('dialog').waitFor({ state: 'hidden' });
    await page.getByRole('tab', { name: 'Classes and statistics' }).click();
    await page.getByRole('region', { name: 'Samples of each class' }).waitFor();
  },
  'Data set, not checked': async ({ page }) => {
    await page.getByRole('tab', { name: 'Integrity' }).click();
    await page.getByRole('button', { name: 'Check 70,000 samples' }).waitFor();
  },
  'Data set, integrity': async ({ page }) => {
    await page.getByRole('button', { name: 'Check 70,000 samples' }).click();
    await page.getByRole('list', { name: 'Findings' }).waitFor();
    await page
      .getByRole('button', { name: /training 5001/ })
      .first()
      .waitFor();
  },
  'Data set, split and augmentation': async ({ page }) => {
    await page.getByRole('tab', { name: 'Split and augmentation' }).click();
    await page.getByRole('list', { name: 'Samples before and after augmentation' }).waitFor();
    await page.getByRole('option', { name: /class \d/ }).waitFor();
  },
  'Data set, a wrong choice': async ({ page }) => {
    await page.getByLabel('Seed').fill('minus one');
    await page.getByText('minus one').first().waitFor();
  },
};

describe.skipIf(noBrowser).each(['light', 'dark'] as const)(
  `accessibility of the data sets, %s theme${reason}`,
  (theme) => {
    let own: TestWindow;
    beforeAll(async () => {
      own = await openTestWindow({
        before: (page) => page.emulateMedia({ colorScheme: theme, reducedMotion: 'reduce' }),
      });
    });
    afterAll(() => own.close());

    it.each(Object.keys(scenes))('%s', async (name) => {
      await scenes[name]?.(own);
      expect(await violationsOf(own.page)).toEqual([]);
    });
  },
);
