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

type Page = TestWindow['page'];
const json = (page: Page) => page.getByRole('textbox', { name: 'Search as JSON' });
/** The whole text: the editor draws only the lines on screen. */
const jsonText = (page: Page) => page.evaluate<string>("localStorage.getItem('bitsmith-new-search')");
const focused = (page: Page) => page.evaluate('document.activeElement?.getAttribute("aria-label")');
const startButton = (page: Page) => page.getByRole('button', { name: 'Start the search' });
const summaries = ({ host }: TestWindow) => host.services.search.list({});

describe.skipIf(noBrowser)(`Searches${reason}`, () => {
  it('are listed with their state, their progress and their best', async () => {
    const { page, open } = await start();
    await open('/searches');
    const table = page.getByRole('region', { name: 'Searches' });
    await table.getByText('79 of 100').waitFor();
    await table.getByText('Successive halving').waitFor();
    await table.getByRole('link', { name: 'TOT-Net: activation functions' }).click();
    await page.getByRole('heading', { level: 1, name: 'TOT-Net: activation functions' }).waitFor();
  });

  it('say what is wrong when they cannot be listed, and try again', async () => {
    const error = new BitsmithError('io', 'the store cannot be read: the disk is full');
    const { page, open, host } = await start({ failing: new Map([['search.list', error]]) });
    await open('/searches');
    await page.getByRole('alert').getByText(error.message).waitFor();
    host.failing.clear();
    await page.getByRole('button', { name: 'Try again' }).click();
    await page.getByText('3 searches').waitFor();
  });

  it('begin with none', async () => {
    const { page, open } = await start({ runs: 0 });
    await open('/searches');
    await page.getByText('No searches yet').waitFor();
    await page.getByRole('link', { name: 'Start the first search' }).click();
    await page.getByText('Ready to start').waitFor();
  });
});

describe.skipIf(noBrowser)(`a search${reason}`, () => {
  it('shows its best, its generations and its trials, with the reason of a failed one', async () => {
    const { page, open } = await start();
    await open('/searches/s1');
    await page.getByRole('img', { name: /^Best so far\. Best so far: last/ }).waitFor();
    await page.getByRole('img', { name: /^Generations\. .*Parents that live on/ }).waitFor();
    await page.getByRole('combobox', { name: 'State of the trials' }).click();
    await page.getByRole('option', { name: /^Failed/ }).click();
    await page.locator('[data-row="0"]').click();
    await page.getByText('lower "training.learningRate"').waitFor();
  });

  it('of successive halving shows its rungs', async () => {
    const { page, open } = await start();
    await open('/searches/s2');
    await page.getByRole('img', { name: /^Rungs\. Went on: .*Held at the rung/ }).waitFor();
    await page.getByRole('combobox', { name: 'Parameter' }).click();
    await page.getByRole('option', { name: 'batchSize' }).click();
    await page.getByRole('combobox', { name: 'Parameter' }).getByText('batchSize').waitFor();
  });

  it('with thousands of trials draws those on screen, sorts them, and is walked by keys', async () => {
    const { page, open } = await start();
    await open('/searches/s3');
    await page.getByText('3,000 trials').waitFor();
    expect(await page.locator('[data-row]').count()).toBeLessThan(60);
    const table = page.getByRole('region', { name: 'Leaderboard' });
    await table.getByRole('button', { name: 'Trial' }).click();
    await page.locator('[data-row="0"]').focus();
    await page.keyboard.press('End');
    await page.locator('[data-row="2999"]:focus').getByText('3,000', { exact: true }).waitFor();
    await page.keyboard.press('Space');
    await page.getByRole('region', { name: 'Trial 3000' }).waitFor();
    await page.keyboard.press('Home');
    await page.locator('[data-row="0"]:focus').waitFor();
  });

  it('is paused, resumed, stopped after a question, and deleted with what belongs to it', async () => {
    const test = await start();
    const { page, open } = test;
    await open('/searches/s1');
    const controls = page.getByRole('group', { name: 'Controls of the search' });
    const offered = async () =>
      (await controls.getByRole('button').allTextContents()).map((text) => text.trim());
    await expect.poll(offered).toEqual(['Pause', 'Stop']);
    await controls.getByRole('button', { name: 'Pause' }).click();
    await expect.poll(offered).toEqual(['Resume', 'Stop']);
    await controls.getByRole('button', { name: 'Resume' }).click();
    await expect.poll(offered).toEqual(['Pause', 'Stop']);
    await controls.getByRole('button', { name: 'Stop' }).click();
    await page.getByRole('dialog').getByText('It cannot be resumed').waitFor();
    await page.getByRole('button', { name: 'Stop the search' }).click();
    await expect.poll(offered).toEqual([]);
    await page.getByRole('button', { name: 'More' }).click();
    await page.getByRole('menuitem', { name: 'Delete' }).click();
    await page.getByRole('checkbox', { name: 'Delete its runs too' }).click();
    await page.getByRole('button', { name: 'Delete the search and its runs' }).click();
    await page.getByRole('heading', { level: 1, name: 'Searches' }).waitFor();
    await page.getByText('2 searches').waitFor();
    expect((await summaries(test)).map(({ id }) => id)).toEqual(['s2', 's3']);
  });

  it('promotes a candidate to a run of its own, for all its epochs', async () => {
    const { page, open, host } = await start();
    await open('/searches/s2');
    await page.locator('[data-row="0"]').click();
    await page.getByRole('button', { name: 'Promote to a run' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('Epochs').fill('many');
    await dialog.getByText('must be a whole number of epochs').waitFor();
    expect(await dialog.getByRole('button', { name: 'Start the run' }).isDisabled()).toBe(true);
    await dialog.getByLabel('Epochs').fill('30');
    await dialog.getByLabel('Name').fill('The winner');
    await dialog.getByRole('img', { name: /^Learning rate/ }).waitFor();
    await dialog.getByRole('button', { name: 'Start the run' }).click();
    await page.getByRole('heading', { level: 1, name: 'The winner' }).waitFor();
    expect(host.runs[0]?.config).toMatchObject({ name: 'The winner', training: { epochs: 30 } });
  });

  it('says that it does not exist', async () => {
    const { page, open } = await start();
    await open('/searches/nowhere');
    await page.getByText('there is no search "nowhere"').waitFor();
  });
});

describe.skipIf(noBrowser)(`a new search${reason}`, () => {
  it('is made from a run: a field is found, its range given, and it starts', async () => {
    const test = await start();
    const { page, open, host } = test;
    const run = host.runs.find(({ summary }) => summary.status === 'finished')?.summary.id ?? '';
    await open(`/searches/new?run=${run}`);
    await page.getByText('Ready to start').waitFor();
    await page.getByRole('button', { name: 'Remove training.batchSize' }).click();
    await page.getByRole('button', { name: 'Add a parameter' }).click();
    await page.keyboard.type('beta1');
    await page.getByRole('option', { name: /training\.optimizer\.beta1/ }).click();
    const parameter = page.getByRole('listitem', { name: 'Parameter training.optimizer.beta1' });
    await expect.poll(() => focused(page)).toBe('Add a parameter');
    await parameter.getByLabel('From').fill('0.8');
    await parameter.getByLabel('To').fill('0.99');
    await page.getByRole('combobox', { name: 'Algorithm' }).click();
    await page.getByRole('option', { name: 'Random' }).click();
    await page.getByText('Points by chance').waitFor();
    await page.getByLabel('Trials').first().fill('7');
    await page.getByText('At most 7 trials of a space without end').waitFor();
    await page.getByLabel('Name').fill('My search');
    await expect.poll(() => startButton(page).isEnabled()).toBe(true);
    await startButton(page).click();
    await page.getByRole('heading', { level: 1, name: 'My search' }).waitFor();
    await page.getByText('No trial yet').waitFor();
    const [first] = await summaries(test);
    expect(first).toMatchObject({ name: 'My search', algorithm: 'random', trials: { planned: 7 } });
    const { config } = await host.services.search.get({ search: first?.id ?? '' });
    expect(config).toMatchObject({ space: { 'training.optimizer.beta1': { min: 0.8, max: 0.99 } } });
  });

  it('says at the field what is wrong, cannot start, and loses nothing', async () => {
    const { page, open } = await start();
    await open('/searches/new');
    await page.getByRole('button', { name: /Activation functions, as TOT-Net/ }).click();
    await page.getByText('Ready to start').waitFor();
    await page.getByLabel('Population').fill('1');
    await page
      .getByText(/"algorithm\.population" is 1/)
      .first()
      .waitFor();
    expect(await startButton(page).isDisabled()).toBe(true);
    await page.getByLabel('Population').fill('ten');
    await page
      .getByText(/"algorithm\.population" is "ten"/)
      .first()
      .waitFor();
    expect(await page.getByLabel('Population').inputValue()).toBe('ten');
    await page.getByLabel('Population').fill('10');
    await page.getByText('Ready to start').waitFor();
  });

  it('is edited as JSON on equal terms: forms follow, and a mistake stays where it was made', async () => {
    const { page, open } = await start();
    await open('/searches/new');
    await page.getByRole('button', { name: /^Repetitions/ }).click();
    await page.getByText('Ready to start').waitFor();
    const good = await jsonText(page);
    await json(page).fill(good.replace('"seed": {', '"seeds": {'));
    await page
      .getByRole('list', { name: 'Problems in Search as JSON' })
      .getByText(/Did you mean "seed"/)
      .waitFor();
    await json(page).fill(`${good.slice(0, -1)},`);
    await page.getByText('The JSON has a mistake').first().waitFor();
    expect(await page.getByLabel('Name').isDisabled()).toBe(true);
    expect(await startButton(page).isDisabled()).toBe(true);
    await json(page).fill(good.replace('"kind": "grid"', '"kind": "random", "trials": 3'));
    await page.getByText('At most 3 trials of 5 points').waitFor();
    await page.getByRole('combobox', { name: 'Algorithm' }).getByText('Random').waitFor();
  });

  it('leads from a problem to its line', async () => {
    const { page, open } = await start();
    await open('/searches/new');
    await page.getByText('Ready to start').waitFor();
    await json(page).fill((await jsonText(page)).replace('"kind": "asha"', '"kind": "ash"'));
    await page.getByRole('button', { name: /^Line \d+.*Did you mean "asha"/ }).click();
    await expect.poll(() => page.evaluate('getSelection().toString()')).toContain('"ash"');
  });

  it('is there again after the window was closed, and the draft before a template comes back', async () => {
    const { page, open } = await start();
    await open('/searches/new');
    await page.getByText('Ready to start').waitFor();
    await page.getByLabel('Name').fill('Half written');
    await page.reload();
    await page.getByRole('heading', { level: 1, name: 'New search' }).waitFor();
    expect(await page.getByLabel('Name').inputValue()).toBe('Half written');
    await page.getByRole('button', { name: /^Repetitions/ }).click();
    await expect.poll(() => page.getByLabel('Name').inputValue()).toMatch(/^Seeds/);
    await page.getByRole('button', { name: 'The draft before' }).click();
    await expect.poll(() => page.getByLabel('Name').inputValue()).toBe('Half written');
  });

  it('shows what only the host can know', async () => {
    const message = 'data set "mnist" is not here; get it on the page Data sets';
    const failing = new Map([['search.check', new BitsmithError('not-found', message)]]);
    const { page, open, host } = await start({ failing });
    await open('/searches/new');
    await page.getByText(message).first().waitFor();
    expect(await startButton(page).isDisabled()).toBe(true);
    host.failing.clear();
    await page.getByLabel('Name').fill('again');
    await page.getByText('Ready to start').waitFor();
  });

  it('is reached and written with the keyboard alone', async () => {
    const test = await start();
    const { page } = test;
    await page.keyboard.press('Control+k');
    await page.getByPlaceholder('Go to a page or a run').waitFor();
    await page.keyboard.type('New search');
    await page.getByRole('option', { name: /New search over/ }).waitFor();
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { level: 1, name: 'New search' }).waitFor();
    await page.getByText('Ready to start').waitFor();
    await page.getByRole('button', { name: 'Add a parameter' }).focus();
    await page.keyboard.press('Enter');
    await page.keyboard.type('quantization.weights.method');
    await page.getByRole('option', { name: /quantization\.weights\.method/ }).waitFor();
    await page.keyboard.press('Enter');
    await page.getByRole('listitem', { name: 'Parameter quantization.weights.method' }).waitFor();
    // The menu gives the focus back when it has closed.
    await expect.poll(() => focused(page)).toBe('Add a parameter');
    await page.getByLabel('Name').focus();
    await page.keyboard.press('Control+a');
    await page.keyboard.type('By keys');
    await expect.poll(() => jsonText(page)).toContain('"By keys"');
    expect(await jsonText(page)).toContain('"quantization.weights.method"');
  });
});

describe.skipIf(noBrowser)(`pruning a run${reason}`, () => {
  const finishedRun = ({ host }: TestWindow, channels = false) =>
    host.runs.find(
      ({ summary, config }) =>
        summary.status === 'finished' && (!channels || JSON.stringify(config).includes('"channel"')),
    )?.summary.id ?? '';

  it('says at the field what is wrong, shows the plan, and goes to the new run', async () => {
    const test = await start();
    const { page, open } = test;
    await open(`/runs/${finishedRun(test)}`);
    await page.getByRole('button', { name: 'Prune …' }).click();
    const dialog = page.getByRole('dialog');
    const go = dialog.getByRole('button', { name: 'Start pruning' });
    await dialog.getByLabel('Levels').fill('0.9, 0.5');
    await dialog.getByText('must be above the one before it').waitFor();
    expect(await go.isDisabled()).toBe(true);
    await dialog.getByLabel('Levels').fill('50 %, 75 %');
    await dialog.getByLabel('Tolerance').fill('2');
    await dialog.getByText(/tolerance" is 2/).waitFor();
    await dialog.getByLabel('Tolerance').fill('0.01');
    await dialog.getByRole('img', { name: /^Sparsity.*last 75\.00 %/ }).waitFor();
    await go.click();
    await page.getByRole('heading', { level: 1, name: /, pruned$/ }).waitFor();
  });

  it('keeps what was typed when the dialog is closed, and is not offered for a run that still trains', async () => {
    const test = await start();
    const { page, open, host } = test;
    await open(`/runs/${host.runs[0]?.summary.id}`);
    await page.getByRole('button', { name: 'Pause' }).waitFor();
    expect(await page.getByRole('button', { name: 'Prune …' }).count()).toBe(0);
    await open(`/runs/${finishedRun(test)}`);
    await page.getByRole('button', { name: 'Prune …' }).click();
    await page.getByRole('dialog').getByLabel('Levels').fill('0.3');
    await page.keyboard.press('Escape');
    await page.getByRole('dialog').waitFor({ state: 'hidden' });
    await page.getByRole('button', { name: 'Prune …' }).click();
    expect(await page.getByRole('dialog').getByLabel('Levels').inputValue()).toBe('0.3');
  });

  it('removes channels where whole channels are masked', async () => {
    const test = await start();
    const { page, open } = test;
    await open(`/runs/${finishedRun(test, true)}`);
    await page.getByRole('button', { name: 'Remove channels …' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('Epochs').fill('0');
    await dialog.getByText('must be a whole number of epochs').waitFor();
    await dialog.getByLabel('Epochs').fill('3');
    await dialog.getByRole('button', { name: 'Remove and fine-tune' }).click();
    await page.getByRole('heading', { level: 1, name: /, smaller$/ }).waitFor();
  });

  it('measures sparsity with its denominators, and says when it cannot', async () => {
    const error = new BitsmithError('job-failed', 'the process that measures sparsity ended');
    const test = await start({ failing: new Map([['run.sparsity', error]]) });
    const { page, open, host } = test;
    await open(`/runs/${finishedRun(test)}`);
    await page.getByRole('tab', { name: 'Sparsity' }).click();
    await page.getByText(error.message).waitFor();
    host.failing.clear();
    await page.getByRole('button', { name: 'Try again' }).click();
    const operations = page.getByRole('region', { name: 'Operations for one sample' });
    await operations.getByText('Nothing skipped (denominator)').waitFor();
    expect(await operations.locator('tbody tr').count()).toBe(2);
    const layers = page.getByRole('region', { name: 'Sparsity of the layers' });
    await layers.getByText('not coded').first().waitFor();
  });

  it('shows the plan that trained a run', async () => {
    const test = await start();
    const { page, open, host } = test;
    const phased = host.runs.find(({ config }) => JSON.stringify(config).includes('"phases"'));
    await open(`/runs/${phased?.summary.id}`);
    await page.getByRole('tab', { name: 'Configuration' }).click();
    await page.getByRole('img', { name: /^Learning rate/ }).waitFor();
    await page
      .getByRole('img', { name: /^Sparsity, quantization, regularization\. Weights quantized: last 100/ })
      .waitFor();
    await page.getByText('Batch norm keeps its statistics in “fine-tune”.').waitFor();
  });
});
