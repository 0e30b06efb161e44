import { createInterface } from 'node:readline';
import { afterEach, describe, expect, it } from 'vitest';
import { BitsmithError } from '#shared/base/errors.ts';
import { DraftSchema, type Draft } from '#shared/draft/draft.ts';
import { findChromium, openChromium, type Browser } from '#test/support/chromium.ts';
import { startBitsmith } from '#test/support/command-line.ts';
import { cornersDataFolder } from '#test/support/data-folder.ts';
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

type Page = TestWindow['page'];
const json = (page: Page) => page.getByRole('textbox', { name: 'Configuration as JSON' });
const startButton = (page: Page) => page.getByRole('button', { name: 'Start the run' });
const nameField = (page: Page) => page.getByLabel('Name', { exact: true }).first();
/** What the host keeps of the draft that was changed last. */
async function kept({ host }: TestWindow): Promise<Draft> {
  const [first] = await host.services.draft.list({});
  return DraftSchema.parse(await host.services.draft.read({ draft: first?.id ?? '' }));
}

describe.skipIf(noBrowser)(`a new run${reason}`, () => {
  it('is configured with forms and started, and its draft stays', async () => {
    const test = await start();
    const { page, open, host } = test;
    await open('/new');
    await page.getByText('Ready to start').waitFor();
    await nameField(page).fill('By forms');
    await page.getByLabel('Epochs').fill('3');
    await page.getByLabel('Seed').fill('7');
    await page.getByRole('button', { name: 'Network' }).click();
    await page.getByRole('option', { name: /^LeNet, strided/ }).click();
    await expect
      .poll(async () => (await kept(test)).document)
      .toMatchObject({ name: 'By forms', seed: 7, training: { epochs: 3 } });
    await page.getByText('1,620 (540 each)').waitFor();
    await startButton(page).click();
    await page.getByRole('heading', { level: 1, name: 'By forms' }).waitFor();
    expect(host.runs[0]?.config).toMatchObject({ seed: 7, model: { preset: 'lenet-strided' } });
    await open('/new');
    expect(await nameField(page).inputValue()).toBe('By forms');
  });

  it('says at the field what is wrong, leads to it, cannot start, and loses nothing', async () => {
    const { page, open } = await start();
    await open('/new');
    await page.getByText('Ready to start').waitFor();
    const wrong: [label: string, text: string, words: RegExp][] = [
      ['Epochs', '1e-', /"training\.epochs" is "1e-"/],
      ['Batch size', '0', /"training\.batchSize" is 0/],
      ['Validation', '0.7', /"dataset\.validation" is 0\.7/],
      ['Seed', '-1', /"seed" is -1/],
      ['Replicates', 'many', /"replicates" is "many"/],
      ['Metrics every', '0.5', /"training\.metricsEvery" is 0\.5/],
    ];
    for (const [label, text] of wrong) await page.getByLabel(label, { exact: true }).fill(text);
    const problems = page.getByRole('list', { name: 'Problems', exact: true });
    for (const [label, text, words] of wrong) {
      await problems.getByRole('button', { name: words }).waitFor();
      const field = page.getByLabel(label, { exact: true });
      expect(await field.inputValue()).toBe(text);
      await expect.poll(() => field.getAttribute('aria-invalid')).toBe('true');
    }
    expect(await startButton(page).isDisabled()).toBe(true);
    await problems.getByRole('button', { name: /training\.batchSize/ }).click();
    const focused = () => page.evaluate<string>('document.activeElement?.value ?? ""').then((value) => value);
    await expect.poll(focused).toBe('0');
    const back = page.getByRole('button', { name: /^Undo: / });
    for (; (await back.count()) > 0;) await back.click();
    await page.getByLabel('Replicates').fill('1');
    await page.getByText('Ready to start').waitFor();
  });

  it('starts replicates that belong together', async () => {
    const { page, open, host } = await start();
    await open('/new');
    await page.getByText('Ready to start').waitFor();
    const before = host.runs.length;
    await page.getByLabel('Replicates').fill('3');
    await page.getByRole('button', { name: 'Start 3 runs' }).click();
    await page.getByRole('heading', { level: 1, name: 'Runs' }).waitFor();
    expect(host.runs.length).toBe(before + 3);
    const configs = host.runs.slice(0, 3).map(({ config }) => config);
    expect(configs.map(({ seed }) => seed)).toEqual([3, 2, 1]);
    expect(configs.map(({ tags }) => tags)).toEqual(Array(3).fill(['seeds of untitled']));
  });

  it('is edited as JSON on equal terms: forms follow, a mistake stays where it was made, even over a reload', async () => {
    const test = await start();
    const { page, open } = test;
    await open('/new');
    await page.getByText('Ready to start').waitFor();
    const text = JSON.stringify({
      name: 'As JSON',
      dataset: { name: 'mnist' },
      model: { preset: 'lenet5' },
    });
    await json(page).fill(text);
    await expect.poll(() => nameField(page).inputValue()).toBe('As JSON');
    await json(page).fill(`${text.slice(0, -1)},\n}`);
    await page.getByText('No comma may stand before }').first().waitFor();
    expect(await nameField(page).isDisabled()).toBe(true);
    expect(await startButton(page).isDisabled()).toBe(true);
    await expect.poll(async () => (await kept(test)).unreadable['']).toContain(',\n}');
    await page.reload();
    await page.getByText('No comma may stand before }').first().waitFor();
    await page.getByRole('button', { name: 'Back to the last that was right' }).click();
    await page.getByText('Ready to start').waitFor();
    expect(await nameField(page).inputValue()).toBe('As JSON');
    // Tab leaves the editor.
    await json(page).focus();
    expect(await page.evaluate("document.activeElement?.closest('.cm-editor') !== null")).toBe(true);
    await page.keyboard.press('Tab');
    const inside = "document.activeElement?.closest('.cm-editor') !== null";
    await expect.poll(() => page.evaluate(inside)).toBe(false);
  });

  it('begins with a recipe, or a file, and undo brings the one before back', async () => {
    const { page, open } = await start();
    await open('/new');
    await page.getByText('Ready to start').waitFor();
    await page.getByRole('button', { name: 'Begin with' }).click();
    await page.keyboard.type('GXNOR-Net, MNIST');
    await page
      .getByRole('option', { name: /GXNOR-Net, MNIST/ })
      .first()
      .click();
    await expect.poll(() => nameField(page).inputValue()).toBe('GXNOR-Net, MNIST');
    const file = page.getByLabel('Configuration file');
    const give = (text: string) =>
      file.setInputFiles({ name: 'mine.json', mimeType: 'application/json', buffer: Buffer.from(text) });
    await give('{"name": "x",\n}');
    await page.getByText('mine.json, line 1: No comma may stand before }').first().waitFor();
    expect(await nameField(page).inputValue()).toBe('GXNOR-Net, MNIST');
    await give('{"name": "From a file", "dataset": {"name": "mnist"}, "model": {"preset": "lenet5"}}');
    await expect.poll(() => nameField(page).inputValue()).toBe('From a file');
    await page.getByRole('button', { name: 'Undo: Open mine.json' }).click();
    await expect.poll(() => nameField(page).inputValue()).toBe('GXNOR-Net, MNIST');
  });

  it('downloads a data set that is missing, then starts; says what only the host can know', async () => {
    const { page, open, host } = await start({ installed: [] });
    await open('/new');
    await page.getByText('is not downloaded yet').waitFor();
    await page.getByRole('button', { name: /^Download MNIST.*then start the run/ }).click();
    await page.getByRole('heading', { level: 1, name: 'untitled' }).waitFor();
    host.failing.set(
      'run.check',
      new BitsmithError('invalid-input', '"training.batchSize" is 100: too many'),
    );
    await open('/new');
    await page.getByRole('button', { name: /too many/ }).waitFor();
    expect(await startButton(page).isDisabled()).toBe(true);
  });

  it('is reached, written and started with the keyboard alone', async () => {
    const { page, host } = await start();
    await page.keyboard.press('Control+k');
    await page.getByPlaceholder('Go to a page or a run').waitFor();
    await page.keyboard.type('New run');
    await page
      .getByRole('option', { name: /New run/ })
      .first()
      .waitFor();
    await page.keyboard.press('Enter');
    await page.getByText('Ready to start').waitFor();
    await nameField(page).focus();
    await page.keyboard.press('Control+a');
    await page.keyboard.type('By keys');
    await page.getByRole('button', { name: 'Network' }).focus();
    await page.keyboard.press('Enter');
    await page.keyboard.type('strided');
    await page
      .getByRole('option', { name: /strided/ })
      .first()
      .waitFor();
    await page.keyboard.press('Enter');
    await page.getByText('Ready to start').waitFor();
    await page.keyboard.press('Control+Enter');
    await page.getByRole('heading', { level: 1, name: 'By keys' }).waitFor();
    expect(host.runs[0]?.config).toMatchObject({ model: { preset: 'lenet-strided' } });
  });
});

describe.skipIf(noBrowser)(`drafts${reason}`, () => {
  it('are renamed, copied, deleted and brought back', async () => {
    const test = await start();
    const { page, open } = test;
    await open('/new');
    await page.getByText('Ready to start').waitFor();
    const menu = page.getByRole('button', { name: /kept$/ });
    await menu.click();
    await page.getByRole('menuitem', { name: 'Rename …' }).click();
    await page.getByLabel('Name of the draft').fill('First');
    await page.keyboard.press('Enter');
    await expect.poll(async () => (await kept(test)).document.name).toBe('First');
    await page.getByRole('button', { name: /^First/ }).click();
    await page.getByRole('menuitem', { name: 'Duplicate' }).click();
    await expect.poll(() => nameField(page).inputValue()).toBe('First copy');
    await page.getByRole('button', { name: /^First copy/ }).click();
    await page.getByRole('menuitem', { name: 'Delete this draft' }).click();
    await expect.poll(() => nameField(page).inputValue()).toBe('First');
    await page.getByRole('button', { name: 'Undo', exact: true }).last().click();
    await expect.poll(() => nameField(page).inputValue()).toBe('First copy');
    expect(await test.host.services.draft.list({})).toHaveLength(2);
  });

  it('changed in two windows are not lost: a person chooses', async () => {
    const test = await start();
    const { page, open, host } = test;
    await open('/new');
    await nameField(page).fill('Mine');
    await expect.poll(async () => (await kept(test)).document.name).toBe('Mine');
    const other = await kept(test);
    await host.services.draft.write({ draft: { ...other, document: { ...other.document, name: 'Theirs' } } });
    await nameField(page).fill('Mine, later');
    await page.getByText('This draft was changed in another window').waitFor();
    expect((await kept(test)).document.name).toBe('Theirs');
    await page.getByRole('button', { name: 'Keep mine' }).click();
    await expect.poll(async () => (await kept(test)).document.name).toBe('Mine, later');
  });

  it('of a fork go on from the checkpoint, with all of its state while epochs are left', async () => {
    const test = await start();
    const { page, open, host } = test;
    const run = host.runs.find(({ summary }) => summary.status === 'paused') ?? host.runs[0];
    await open(`/runs/${run?.summary.id}`);
    await page.getByRole('tab', { name: 'Checkpoints' }).click();
    await page
      .getByRole('button', { name: /^Fork with an edited configuration/ })
      .first()
      .click();
    await page.getByRole('heading', { level: 1, name: 'New run' }).waitFor();
    await expect.poll(() => nameField(page).inputValue()).toMatch(/ fork$/);
    const draft = await kept(test);
    expect(draft.parent?.run).toBe(run?.summary.id);
    expect(draft.document.initialize).toMatchObject({
      run: run?.summary.id,
      checkpoint: draft.parent?.checkpoint,
    });
    await page.getByRole('radio', { name: /^Its weights only/ }).check();
    await expect.poll(async () => (await kept(test)).document.initialize).toMatchObject({ state: 'weights' });
  });

  it.each(['light', 'dark'] as const)('have no accessibility violation in the %s theme', async (theme) => {
    const { page, open } = await start({
      before: (one) => one.emulateMedia({ colorScheme: theme, reducedMotion: 'reduce' }),
    });
    await open('/new');
    await page.getByText('Ready to start').waitFor();
    expect(await violationsOf(page)).toEqual([]);
    await page.getByLabel('Epochs').fill('none');
    await page.getByText('One thing is to be mended').waitFor();
    expect(await violationsOf(page)).toEqual([]);
  });
});

describe.skipIf(noBrowser)(`hot exit${reason}`, () => {
  it('shows the draft again after the host was killed in the middle of an edit', async () => {
    const data = await cornersDataFolder();
    let browser: Browser | undefined;
    const serve = async () => {
      const host = startBitsmith(['serve', '--data-dir', data.root]);
      const lines = createInterface({ input: host.process.stdout! });
      for await (const line of lines) {
        const address = /http:\S+/.exec(line)?.[0];
        if (address) return { host, address };
      }
      throw new Error(`the host did not start: ${(await host.done).stderr}`);
    };
    let running = await serve();
    try {
      browser = await openChromium();
      const page = browser.context.pages()[0] ?? (await browser.context.newPage());
      await page.goto(`${running.address}#/new`);
      await nameField(page).fill('Half wri');
      await page.getByRole('button', { name: /Half wri.*kept$/ }).waitFor();
      await json(page).fill('{"name": "Half wri",\n "seed": ');
      await page.getByRole('button', { name: /kept$/ }).waitFor();
      running.host.process.kill('SIGKILL');
      await running.host.done;
      running = await serve();
      await page.goto(`${running.address}#/new`);
      await expect.poll(() => nameField(page).inputValue()).toBe('Half wri');
      await page.getByText('A value is missing here').first().waitFor();
      expect(await json(page).innerText()).toContain('"seed":');
    } finally {
      await browser?.close();
      running.host.process.kill('SIGKILL');
      await running.host.done;
      data.remove();
    }
  });
});
