import { readFile } from 'node:fs/promises';
import { afterEach, describe, expect, it } from 'vitest';
import { BitsmithError } from '#shared/base/errors.ts';
import { PlanOptionsSchema } from '#shared/export/plan/options.ts';
import { paretoFront } from '#shared/run/compare/pareto.ts';
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

async function openTab(name: string) {
  const opened = await openComparison();
  window = opened;
  await opened.page.getByRole('tab', { name }).click();
  return opened;
}
/** The comparison over all runs of the table. */
async function takeAll({ page }: TestWindow, view: string): Promise<void> {
  await page.getByRole('combobox', { name: `Runs of the ${view}` }).click();
  await page.getByRole('option', { name: /^All runs of the table/ }).click();
}
async function download({ page }: TestWindow, entry: string): Promise<Buffer> {
  const [file] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('menuitem', { name: entry }).click(),
  ]);
  return readFile(await file.path());
}

describe.skipIf(noBrowser)(`scatter plot and Pareto front${reason}`, () => {
  it('shows the front of accuracy against flash, estimated and measured, and says why others are not on it', async () => {
    const target = await openTab('Pareto');
    const { page, host } = target;
    await takeAll(target, 'scatter plot');
    const ids = host.runs.map(({ summary }) => summary.id);
    const found = await host.services.run.footprints({ runs: ids, target: 'cortex-m4', estimate: true });
    const flash = new Map(found.map((one) => [one.run, one.flash.value]));
    const { front, unknown } = paretoFront(
      host.runs.map(({ summary }) => ({
        id: summary.id,
        x: flash.get(summary.id) ?? null,
        y: summary.accuracy,
      })),
      { x: 'lower', y: 'higher' },
    );
    expect(front.length).toBeGreaterThan(1);
    const status = page.getByText(
      `${front.length} of ${ids.length} runs on the front, ${unknown.length} without a value`,
    );
    await status.waitFor();
    const table = page.getByRole('region', { name: 'Test accuracy against Flash, runs' });
    expect(await table.getByText('On the front').count()).toBe(front.length);
    const links = await table
      .getByRole('link')
      .evaluateAll((all) => all.map((link) => link.getAttribute('href')));
    expect(links.slice(0, front.length)).toEqual(front.map((id) => `#/runs/${id}`));
    await table
      .getByText(/^≈ .* KiB/)
      .first()
      .waitFor();
    await table
      .getByText(/not exported, and no estimate: .*cannot be lowered/)
      .first()
      .waitFor();

    // A bundle is measured by the linker: its run's number is no estimate any more.
    const [first = ''] = front;
    await host.services.export.build({
      run: first,
      target: 'cortex-m4',
      format: 'cmake',
      options: PlanOptionsSchema.parse({}),
    });
    const row = table.getByRole('row').filter({ has: page.locator(`a[href="#/runs/${first}"]`) });
    await expect.poll(() => row.textContent()).not.toContain('≈');

    await page.getByRole('button', { name: 'Test accuracy against Flash: zoom and save' }).click();
    expect((await download(target, 'Save picture as SVG')).toString()).toContain('Pareto front');
    await page.getByRole('button', { name: 'Save: Test accuracy against Flash' }).click();
    const csv = (await download(target, 'Save as CSV')).toString();
    expect(csv.trim().split('\r\n')).toHaveLength(1 + ids.length);
    expect(csv).toContain('estimated');
    expect(csv).toContain('measured');

    await page.getByRole('button', { name: 'Select the front' }).click();
    const legend = page.getByRole('complementary', { name: 'Selected runs' });
    await expect.poll(() => legend.getByRole('listitem').count()).toBeLessThanOrEqual(front.length + 1);
  });

  it('sets other quantities against each other with the keyboard alone, and asks which way is better', async () => {
    const { page } = await openTab('Pareto');
    const choose = async (label: string, word: string) => {
      await page.getByRole('button', { name: new RegExp(`^${label}: `) }).focus();
      await page.keyboard.press('Enter');
      await page.getByPlaceholder('Find a quantity …').waitFor();
      await page.keyboard.type(word);
      await page.getByRole('option', { name: word }).first().waitFor();
      await page.keyboard.press('Enter');
      // The menu hands the focus back when it is gone.
      const chosen = page.getByRole('button', { name: `${label}: ${word}` });
      await chosen.and(page.locator(':focus')).waitFor();
    };
    await choose('Horizontal axis', 'training.learningRate.initial');
    await page.getByText('Say for both axes which way is better').waitFor();
    await page.getByRole('combobox', { name: 'Horizontal axis: which way is better' }).focus();
    await page.keyboard.press('Enter');
    const marked = page.locator('[role=option][data-highlighted]');
    await marked.getByText('Neither is better').waitFor();
    await page.keyboard.press('Home');
    await marked.getByText('More is better').waitFor();
    await page.keyboard.press('Enter');
    await page.getByText(/of 6 runs on the front/).waitFor();
    await choose('Vertical axis', 'Zero weights');
    const title = 'Zero weights against training.learningRate.initial';
    await page.getByRole('img', { name: new RegExp(`^${title}`) }).waitFor();
    await page.getByRole('button', { name: 'Log x' }).focus();
    await page.keyboard.press('Space');
    await page.getByRole('button', { name: `${title}: show the numbers as a table` }).focus();
    await page.keyboard.press('Enter');
    const numbers = page.getByRole('region', { name: `${title}, numbers` });
    await expect.poll(() => numbers.locator('[data-values] tr').count()).toBe(6);
    const link = page
      .getByRole('region', { name: `${title}, runs` })
      .getByRole('link')
      .first();
    await link.focus();
    await page.keyboard.press('Enter');
    await page.waitForURL(/#\/runs\/r/);
  });

  it('says what went wrong, and tries again', async () => {
    const { page, host } = await openTab('Curves');
    host.failing.set('run.footprints', new BitsmithError('io', 'the store cannot be read'));
    await page.getByRole('tab', { name: 'Pareto' }).click();
    await page.getByText('The values of the runs cannot be read').waitFor();
    await page.getByText('the store cannot be read').first().waitFor();
    host.failing.clear();
    await page.getByRole('button', { name: 'Try again' }).click();
    await page.getByText(/of 6 runs on the front/).waitFor();
  });
});

describe.skipIf(noBrowser)(`parallel coordinates${reason}`, () => {
  it('brushes an axis and moves one with the mouse', async () => {
    const target = await openTab('Parallel');
    const { page, host } = target;
    await takeAll(target, 'parallel coordinates');
    const count = host.runs.length;
    await page.getByText(`${count} of ${count} runs within the brushes`).waitFor();
    const body = await page.locator('[data-axis-body="test"]').boundingBox();
    if (!body) throw new Error('the axis is not there');
    const x = body.x + body.width / 2;
    await page.mouse.move(x, body.y + body.height * 0.02);
    await page.mouse.down();
    await page.mouse.move(x, body.y + body.height * 0.2, { steps: 3 });
    await page.mouse.up();
    const from = page.getByRole('textbox', { name: 'Test accuracy: from' });
    const low = Number(await from.inputValue());
    const high = Number(await page.getByRole('textbox', { name: 'Test accuracy: to' }).inputValue());
    const inside = host.runs.filter(
      ({ summary: { accuracy } }) => accuracy !== null && 100 * accuracy >= low && 100 * accuracy <= high,
    );
    expect(inside.length).toBeGreaterThan(0);
    await page.getByText(`${inside.length} of ${count} runs within the brushes`).waitFor();
    const table = page.getByRole('region', { name: 'Runs within the brushes' });
    expect(await table.locator('tbody tr').count()).toBe(inside.length);

    // A click takes the brush off.
    await page.mouse.click(x, body.y + body.height / 2);
    await page.getByText(`${count} of ${count} runs within the brushes`).waitFor();

    const order = () => page.locator('[data-axis]').allTextContents();
    expect((await order()).map((text) => text.trim()).slice(0, 2)).toEqual(['Model', 'Weights']);
    const name = await page.locator('[data-axis="model"]').boundingBox();
    const goal = await page.locator('[data-axis="activations"]').boundingBox();
    if (!name || !goal) throw new Error('the names are not there');
    await page.mouse.move(name.x + name.width / 2, name.y + 10);
    await page.mouse.down();
    await page.mouse.move(goal.x + goal.width / 2, goal.y + 10, { steps: 4 });
    await page.mouse.up();
    await expect
      .poll(async () => (await order()).map((text) => text.trim()).slice(0, 3))
      .toEqual(['Weights', 'Activations', 'Model']);

    await page.getByRole('button', { name: 'Save: Parallel coordinates' }).click();
    expect((await download(target, 'Save picture as SVG')).toString()).toMatch(/^<svg[^]*Test accuracy/);
    await page.getByRole('button', { name: 'Save: Parallel coordinates' }).click();
    expect((await download(target, 'Save picture as PNG')).subarray(1, 4).toString()).toBe('PNG');
  });

  it('does the same with the keyboard alone, refuses wrong numbers, and makes the brushed runs the selection', async () => {
    const { page, selected } = await openTab('Parallel');
    await page.getByText('6 of 6 runs within the brushes').waitFor();
    const from = page.getByRole('textbox', { name: 'Test accuracy: from' });
    await from.focus();
    await page.keyboard.type('9o');
    await page.getByText('“9o” (from) is no number').waitFor();
    await page.getByText('6 of 6 runs within the brushes').waitFor();
    await page.keyboard.press('ControlOrMeta+a');
    await page.keyboard.type('98');
    const good = selected.filter(({ summary }) => (summary.accuracy ?? 0) >= 0.98);
    expect(good.length).toBeLessThan(6);
    await page.getByText(`${good.length} of 6 runs within the brushes`).waitFor();
    await page.getByRole('textbox', { name: 'Test accuracy: to' }).focus();
    await page.keyboard.type('97');
    await page.getByText('From must not be above to').waitFor();
    await page.keyboard.press('ControlOrMeta+a');
    await page.keyboard.press('Delete');
    await expect.poll(() => page.getByText('From must not be above to').count()).toBe(0);

    const axis = page.locator('[data-axis="model"]');
    await axis.focus();
    await page.keyboard.press('ArrowRight');
    await page.locator('[data-axis="model"]:focus').waitFor();
    const names = await page.locator('[data-axis]').allTextContents();
    expect(names.map((text) => text.trim()).slice(0, 2)).toEqual(['Weights', 'Model']);
    await page.getByRole('button', { name: 'Model: move left' }).focus();
    await page.keyboard.press('Enter');
    await expect
      .poll(async () => (await page.locator('[data-axis]').first().textContent())?.trim())
      .toBe('Model');

    const [first] = good;
    if (!first) throw new Error('no run is good enough');
    await page
      .getByRole('list', { name: 'Weights: categories' })
      .getByRole('checkbox', { name: first.summary.weightMethods[0] ?? '' })
      .focus();
    await page.keyboard.press('Space');
    const both = good.filter(({ summary }) => summary.weightMethods[0] === first.summary.weightMethods[0]);
    await page.getByText(`${both.length} of 6 runs within the brushes`).waitFor();
    await page.getByRole('button', { name: 'Select them' }).focus();
    await page.keyboard.press('Enter');
    await page.getByText(`${both.length} of ${both.length} runs within the brushes`).waitFor();
    await page.getByRole('button', { name: 'Test accuracy: remove' }).focus();
    await page.keyboard.press('Enter');
    await expect.poll(() => page.locator('[data-axis="test"]').count()).toBe(0);
  });
});

describe.skipIf(noBrowser)(`weights layer by layer${reason}`, () => {
  it('compares two runs and two epochs of one, and names what cannot be compared', async () => {
    const target = await openTab('Layers');
    const { page, host, selected } = target;
    const pick = async (label: string, option: RegExp | string) => {
      await page.getByRole('combobox', { name: label, exact: true }).click();
      await page.getByRole('option', { name: option }).first().click();
    };
    const table = page.getByRole('region', { name: 'Agreement by layer' });
    const ternary = selected.find(
      ({ summary }) => summary.weightMethods[0] === 'twn' && summary.model !== 'mlp-3',
    );
    const other = selected.find(({ summary }) => summary.model === 'mlp-3');
    if (!ternary || !other) throw new Error('the fake runs have changed');
    await pick('Run A', ternary.summary.name);
    await pick('Run B', other.summary.name);
    await table.getByText('Not compared: only the first network has it').first().waitFor();
    await table.getByText(/Not compared: its weights have shape \[384, 10\]/).waitFor();

    await pick('Run B', ternary.summary.name);
    await page.getByText('Both sides are the same checkpoint').waitFor();
    await pick('Checkpoint of run B', /^Epoch 3,/);
    await expect.poll(() => page.getByText('Both sides are the same checkpoint').count()).toBe(0);
    const run = ternary.summary.id;
    const third = ternary.checkpoints.find(({ epoch }) => epoch === 3);
    if (!third) throw new Error('there is no third checkpoint');
    const answer = await host.services.run.agreement({ a: { run }, b: { run, checkpoint: third.id } });
    const share = answer.layers[0]?.codes ?? NaN;
    const row = table.getByRole('row', { name: new RegExp(`^${answer.layers[0]?.layer ?? ''} `) });
    await row.getByText(`${(100 * share).toFixed(1)} %`).waitFor();

    await pick('Measure', 'Zero fraction');
    await page.getByRole('img', { name: /^Zero fraction by layer\. A: .*; B: / }).waitFor();
    await page.getByRole('button', { name: 'Save: Agreement by layer' }).click();
    const csv = (await download(target, 'Save as CSV')).toString();
    expect(csv).toContain(String(share));

    host.failing.set('run.agreement', new BitsmithError('corrupt', 'the checkpoint is damaged'));
    await page.getByRole('button', { name: 'Swap the sides' }).focus();
    await page.keyboard.press('Enter');
    await page.getByText('the checkpoint is damaged').first().waitFor();
    host.failing.clear();
    await page.getByRole('button', { name: 'Try again' }).click();
    await table.waitFor();
  });
});

describe.skipIf(noBrowser)(`the new views of the comparison${reason}`, () => {
  it('are accessible in both themes', async () => {
    const { page } = await openTab('Parallel');
    await page.getByRole('textbox', { name: 'Test accuracy: from' }).fill('98');
    await page.getByRole('textbox', { name: 'Training time: from' }).fill('soon');
    for (const tab of ['Parallel', 'Pareto', 'Layers']) {
      await page.getByRole('tab', { name: tab }).click();
      if (tab === 'Pareto') await page.getByText(/of 6 runs on the front/).waitFor();
      if (tab === 'Layers') await page.getByRole('region', { name: 'Agreement by layer' }).waitFor();
      for (const colorScheme of ['light', 'dark'] as const) {
        await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
        expect(await violationsOf(page)).toEqual([]);
      }
    }
  });
});
