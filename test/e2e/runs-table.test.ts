import { readFile } from 'node:fs/promises';
import { afterEach, describe, expect, it } from 'vitest';
import { BitsmithError } from '#shared/base/errors.ts';
import { findChromium } from '#test/support/chromium.ts';
import type { FakeHostOptions } from '#test/support/fake-host.ts';
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

async function start(options: FakeHostOptions = { runs: 40 }): Promise<TestWindow> {
  window = await openTestWindow(options);
  await window.page.setViewportSize({ width: 1500, height: 900 });
  await window.open('/runs');
  await window.page.locator('[data-row="0"]').waitFor();
  return window;
}

const filterOf = ({ page }: TestWindow) => page.getByRole('combobox', { name: 'Filter the runs' });
const headline = ({ page }: TestWindow, text: string) => page.getByText(text, { exact: true }).waitFor();
const rowOf = ({ page }: TestWindow, row: number) => page.locator(`[data-row="${row}"]`);

describe.skipIf(noBrowser)(`the filter of the runs${reason}`, () => {
  it('is typed with completions, kept in the address, and refused in one sentence when it is wrong', async () => {
    const target = await start();
    const { page, host, open } = target;
    const filter = filterOf(target);
    await filter.pressSequentially('datas');
    await page.getByRole('option', { name: /^dataset:/ }).waitFor();
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Enter');
    await page.keyboard.type('cif');
    await page.getByRole('option', { name: /^cifar-10 \d+ runs/ }).waitFor();
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Tab');
    expect(await filter.inputValue()).toBe('dataset:cifar-10');
    const fitting = host.runs.filter(({ summary }) => summary.dataset === 'cifar-10').length;
    await headline(target, `${fitting} of 40 runs`);
    await expect.poll(() => page.url()).toMatch(/#\/runs\?filter=dataset:cifar-10$/);

    await page.keyboard.type(' acuracy>0.9');
    const alert = page.getByRole('alert');
    await alert.getByText('“acuracy” is no field of a run; did you mean “accuracy”?').waitFor();
    expect(await filter.getAttribute('aria-invalid')).toBe('true');
    await headline(target, `${fitting} of 40 runs`);
    await page.keyboard.press('Escape');
    expect(await filter.inputValue()).toBe('');
    await headline(target, '40 runs');

    await open('/');
    await open('/runs?filter=config.seed<3&sort=-accuracy,name&archived=show');
    await headline(target, '3 of 40 runs');
    await page.getByRole('columnheader', { name: /Accuracy.*descending.*1/ }).waitFor();
    await page.getByRole('columnheader', { name: /Name.*ascending.*2/ }).waitFor();
    await filter.fill('config.sed=1');
    await alert.getByText('No run has a field “config.sed”.').waitFor();
  });

  it('is made of conditions that are forms, by mouse and by keyboard alone', async () => {
    const target = await start();
    const { page, host } = target;
    await page.getByRole('button', { name: 'Condition', exact: true }).click();
    const form = page.getByRole('form', { name: 'New condition' });
    await form.getByLabel('Value').fill('finis');
    await form.getByRole('button', { name: 'Add' }).click();
    await page.getByRole('button', { name: 'State is finis', exact: true }).waitFor();
    // By keyboard: the chip opens, the value is changed, a wrong one is refused.
    await page.getByRole('button', { name: 'State is finis', exact: true }).focus();
    await page.keyboard.press('Enter');
    const edit = page.getByRole('form', { name: 'Edit the condition' });
    await edit.getByLabel('Value').focus();
    await page.keyboard.press('ControlOrMeta+a');
    await page.keyboard.type('done');
    await page.keyboard.press('Enter');
    await edit.getByText(/“status” is one of queued, .*; “done” is none of them\./).waitFor();
    await page.keyboard.press('ControlOrMeta+a');
    await page.keyboard.type('finished, failed');
    await page.keyboard.press('Enter');
    await page.getByRole('button', { name: 'State is finished or failed', exact: true }).waitFor();
    const fitting = host.runs.filter(({ summary }) => /finished|failed/.test(summary.status)).length;
    await headline(target, `${fitting} of 40 runs`);
    expect(await filterOf(target).inputValue()).toBe('status=finished,failed');
    await page.getByRole('button', { name: 'Remove the condition: State is finished or failed' }).click();
    await headline(target, '40 runs');
    await filterOf(target).fill('no-such-run');
    await page.getByText('No run fits this filter').waitFor();
    await page.getByRole('button', { name: 'Clear the filter' }).last().click();
    await headline(target, '40 runs');
  });
});

describe.skipIf(noBrowser)(`views of the table${reason}`, () => {
  it('are saved, changed, overwritten, renamed, deleted and brought back; the last one is open again', async () => {
    const target = await start();
    const { page, host } = target;
    const view = (name: string | RegExp) => page.getByRole('button', { name });
    const choose = async (entry: string) => {
      await page.getByRole('button', { name: /^View: / }).click();
      await page.getByRole('menuitem', { name: entry }).click();
    };
    await filterOf(target).fill('tag:paper');
    await page.getByRole('button', { name: 'Columns' }).click();
    const columns = page.getByRole('dialog', { name: 'Columns' });
    await columns.getByLabel('Search fields').fill('batch');
    await columns.getByRole('button', { name: 'Show training.batchSize' }).click();
    await columns.getByRole('button', { name: /^Move training.batchSize/ }).focus();
    for (let i = 0; i < 9; i++) await page.keyboard.press('ArrowUp');
    await columns.getByText('training.batchSize is column 3 of 12').waitFor();
    await columns.getByLabel('Width of Name in pixels').fill('333');
    await columns.getByLabel('Width of Name in pixels').press('Tab');
    await columns.getByRole('button', { name: 'Hide Loss' }).click();
    await page.keyboard.press('Escape');
    await rowOf(target, 0).getByRole('cell', { name: '128', exact: true }).waitFor();
    const heads = () => page.locator('thead th[data-column]').allInnerTexts();
    expect((await heads()).slice(0, 4)).toEqual(['State', 'Name', 'training.batchSize', 'Tags']);
    expect(await heads()).not.toContain('Loss');
    expect((await page.locator('th[data-column="name"]').boundingBox())?.width).toBe(333);

    await choose('Save as a new view…');
    const dialog = page.getByRole('dialog', { name: 'Save as a view' });
    await dialog.getByRole('button', { name: 'Save' }).click();
    await dialog.getByText('A view needs a name.').waitFor();
    await dialog.getByLabel('Name').fill('Paper');
    await page.keyboard.press('Enter');
    await view('View: Paper').waitFor();
    await filterOf(target).fill('tag:paper mnist');
    await view('View: Paper, changed').waitFor();
    await choose('Save changes to “Paper”');
    await view(/^View: Paper$/).waitFor();
    await choose('Rename…');
    await page.getByLabel('Name', { exact: true }).fill('For the paper');
    await page.keyboard.press('Enter');
    await view('View: For the paper').waitFor();
    await page.getByRole('button', { name: /^View: / }).click();
    await page.getByRole('menuitemcheckbox', { name: 'All runs' }).click();
    await headline(target, '40 runs');
    await page.getByRole('button', { name: /^View: / }).click();
    await page.getByRole('menuitemcheckbox', { name: 'For the paper' }).click();
    expect(await filterOf(target).inputValue()).toBe('tag:paper mnist');

    // A window that is opened again shows the view that was open last.
    await page.evaluate(`location.hash = '#/runs'`);
    await page.reload();
    await view('View: For the paper').waitFor();
    expect(await filterOf(target).inputValue()).toBe('tag:paper mnist');
    await choose('Delete the view');
    await view('View: All runs, changed').waitFor();
    await page.getByRole('button', { name: 'Undo' }).click();
    await view(/^View: For the paper$/).waitFor();
    host.failing.set('setting.write', new BitsmithError('io', 'the disk is full'));
    await choose('Delete the view');
    await page.getByText('the disk is full').first().waitFor();
    await view(/^View: For the paper$/).waitFor();
  });
});

describe.skipIf(noBrowser)(`runs in the table${reason}`, () => {
  it('are deleted at once and brought back: by the notice, by Ctrl+Z, from the recently deleted ones', async () => {
    const target = await start({ runs: 8 });
    const { page, host } = target;
    const ids = () => host.runs.map(({ summary }) => summary.id);
    const before = ids();
    for (const row of [0, 1, 2]) await rowOf(target, row).getByRole('checkbox').click();
    await page.getByRole('button', { name: 'Delete', exact: true }).click();
    await page.getByText('2 runs deleted', { exact: true }).waitFor();
    await page.getByText('1 that still trains was left alone.').first().waitFor();
    await headline(target, '6 runs, 1 selected');
    expect(ids()).toEqual([before[0], ...before.slice(3)]);
    await page.getByRole('button', { name: 'Undo' }).click();
    await page.getByRole('button', { name: 'Select nothing' }).click();
    await headline(target, '8 runs');
    expect(ids()).toEqual(before);

    await rowOf(target, 4).focus();
    await page.keyboard.press('Delete');
    await headline(target, '7 runs');
    await page.locator('[data-row="4"]:focus').waitFor();
    await page.keyboard.press('ControlOrMeta+z');
    await headline(target, '8 runs');
    await rowOf(target, 5).focus();
    await page.keyboard.press('Delete');
    await headline(target, '7 runs');
    await page.locator('[data-row="5"]:focus').waitFor();
    await page.keyboard.press('Delete');
    await headline(target, '6 runs');
    await page.getByRole('button', { name: 'More' }).click();
    await page.getByRole('menuitem', { name: 'Recently deleted…' }).click();
    const trash = page.getByRole('dialog', { name: 'Recently deleted' });
    expect(await trash.getByRole('listitem').count()).toBe(2);
    await trash
      .getByRole('button', { name: /^Restore (?!all)/ })
      .last()
      .click();
    await expect.poll(() => ids()).toContain(before[5]);
    await trash
      .getByRole('button', { name: /^Delete .* for good$/ })
      .last()
      .click();
    const question = page.getByRole('dialog', { name: /for good\?$/ });
    await question.getByText('This cannot be undone', { exact: false }).waitFor();
    await question.getByRole('button', { name: 'Delete for good' }).click();
    await trash.getByText('Nothing was deleted').waitFor();
    expect(ids()).toEqual(before.filter((id) => id !== before[6]));
    await page.keyboard.press('Escape');
    // A run that trains is refused with a sentence.
    await rowOf(target, 0).focus();
    await page.keyboard.press('Delete');
    await page
      .getByText(/is running; stop it before you delete it/)
      .first()
      .waitFor();
  });

  it('are selected, sorted, tagged, noted and archived with the keyboard alone', async () => {
    const target = await start({ runs: 60 });
    const { page, host } = target;
    const summary = (row: number) => host.runs[row]?.summary;
    await rowOf(target, 1).focus();
    await page.keyboard.press('Shift+ArrowDown');
    await page.keyboard.press('Shift+ArrowDown');
    await headline(target, '60 runs, 3 selected');
    await page.keyboard.press('Shift+ArrowUp');
    await headline(target, '60 runs, 2 selected');
    await page.keyboard.press('ControlOrMeta+a');
    await headline(target, '60 runs, 60 selected');
    await page.getByText('At most 20 runs are compared at once').waitFor();
    await page.keyboard.press('Escape');
    await headline(target, '60 runs');
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Space');
    await headline(target, '60 runs, 1 selected');
    await page.keyboard.press('Escape');

    await rowOf(target, 4).focus();
    await page.keyboard.press('n');
    await page.getByRole('textbox', { name: /^Notes of/ }).waitFor();
    await page.keyboard.type('line one');
    await page.keyboard.press('Shift+Enter');
    await page.keyboard.type('line two');
    await page.keyboard.press('Enter');
    await page.locator('[data-row="4"]:focus').getByText('line one').waitFor();
    expect(summary(4)?.notes).toBe('line one\nline two');
    await page.keyboard.press('t');
    await page.keyboard.press('ControlOrMeta+a');
    await page.keyboard.type(`new, ${'x'.repeat(51)}`);
    await page.keyboard.press('Enter');
    await page
      .getByRole('alert')
      .getByText(/A tag has at most 50 characters/)
      .waitFor();
    await page.keyboard.press('ControlOrMeta+a');
    await page.keyboard.type('new, other');
    await page.keyboard.press('Enter');
    await page.locator('[data-row="4"]:focus').getByText('other').waitFor();
    await page.keyboard.press('F2');
    await page.keyboard.press('ControlOrMeta+a');
    await page.keyboard.type('given up');
    await page.keyboard.press('Escape');
    await page.locator('[data-row="4"]:focus').waitFor();
    expect(summary(4)?.name).not.toBe('given up');
    expect(summary(4)?.tags).toEqual(['new', 'other']);

    await page.keyboard.press('e');
    await headline(target, '59 runs');
    expect(summary(4)?.archived).toBe(true);
    await page.getByRole('button', { name: 'More' }).focus();
    await page.keyboard.press('Enter');
    await page.getByRole('menuitemcheckbox', { name: 'Only archived runs' }).focus();
    await page.keyboard.press('Enter');
    await headline(target, '1 archived run');
    await rowOf(target, 0).focus();
    await page.keyboard.press('e');
    await page.getByText('Nothing is archived').waitFor();
    await page.getByRole('button', { name: 'Back to the others' }).click();
    await headline(target, '60 runs');

    await page.getByRole('columnheader', { name: 'Data set' }).getByRole('button').focus();
    await page.keyboard.press('Enter');
    await page.getByRole('columnheader', { name: 'Accuracy' }).getByRole('button').focus();
    await page.keyboard.press('Shift+Enter');
    await expect.poll(() => page.url()).toMatch(/sort=dataset,-accuracy/);
    expect(await page.locator('th[aria-sort]').count()).toBe(1);
  });

  it('have a menu, and are tagged and saved together', async () => {
    const target = await start({ runs: 30 });
    const { page, host } = target;
    await rowOf(target, 1).getByRole('checkbox').click();
    await rowOf(target, 3)
      .getByRole('checkbox')
      .click({ modifiers: ['Shift'] });
    await headline(target, '30 runs, 3 selected');
    await rowOf(target, 2).click({ button: 'right' });
    await page.getByRole('menuitem', { name: 'Tag 3 runs' }).click();
    const dialog = page.getByRole('dialog', { name: 'Tags of 3 runs' });
    await dialog.getByLabel('Add').fill('together');
    await page.keyboard.press('Enter');
    await dialog.getByRole('checkbox', { name: 'paper' }).click();
    await dialog.getByRole('button', { name: 'Save' }).click();
    await rowOf(target, 3).getByText('together').waitFor();
    for (const { summary } of host.runs.slice(1, 4)) {
      expect(summary.tags).toContain('together');
      expect(summary.tags).not.toContain('paper');
    }
    await page.getByRole('button', { name: 'Save selected' }).click();
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('menuitem', { name: 'Save as CSV' }).click(),
    ]);
    const lines = (await readFile(await download.path(), 'utf8')).trim().split('\r\n');
    expect(lines[0]).toMatch(/^id,status,name,tag,accuracy/);
    expect(lines.slice(1).map((line) => line.split(',')[0])).toEqual(
      host.runs.slice(1, 4).map(({ summary }) => summary.id),
    );
    await page.getByRole('button', { name: 'Select nothing' }).click();
    await rowOf(target, 2)
      .getByRole('button', { name: /^Actions for/ })
      .click();
    await page.getByRole('menuitem', { name: 'Delete' }).click();
    await headline(target, '29 runs');
    await rowOf(target, 5).getByRole('link').click();
    await page.getByRole('heading', { level: 1, name: host.runs[5]?.summary.name ?? '' }).waitFor();
  });

  it('are accessible in both themes, with every dialog of theirs', async () => {
    const target = await start({ runs: 30 });
    const { page } = target;
    const check = async () => {
      for (const colorScheme of ['light', 'dark'] as const) {
        await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
        expect(await violationsOf(page)).toEqual([]);
      }
    };
    await filterOf(target).fill('acuracy>1');
    await page.getByRole('alert').waitFor();
    await check();
    await filterOf(target).fill('dataset=mnist st');
    await page.getByRole('option').first().waitFor();
    await check();
    await filterOf(target).fill('dataset=mnist');
    await page.getByRole('button', { name: 'Data set is mnist', exact: true }).click();
    await page.getByRole('form', { name: 'Edit the condition' }).waitFor();
    await check();
    await page.keyboard.press('Escape');
    await rowOf(target, 1).focus();
    await page.keyboard.press('n');
    await page.getByRole('textbox', { name: /^Notes of/ }).waitFor();
    await check();
    await page.keyboard.press('Escape');
    await page.keyboard.press('Delete');
    await page
      .getByText(/deleted$/)
      .first()
      .waitFor();
    for (const [button, dialog] of [
      ['Columns', 'Columns'],
      ['Recently deleted…', 'Recently deleted'],
      ['Save as a new view…', 'Save as a view'],
    ] as const) {
      if (button !== 'Columns') {
        await page.getByRole('button', { name: button.startsWith('Save') ? /^View: / : 'More' }).click();
        await page.getByRole('menuitem', { name: button }).click();
      } else await page.getByRole('button', { name: button }).click();
      await page.getByRole('dialog', { name: dialog }).waitFor();
      await check();
      await page.keyboard.press('Escape');
      await page.getByRole('dialog', { name: dialog }).waitFor({ state: 'detached' });
    }
  });
});
