import type { Page } from 'playwright-core';
import { afterEach, describe, expect, it } from 'vitest';
import type { Draft } from '#shared/draft/draft.ts';
import { findChromium } from '#test/support/chromium.ts';
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

/** A draft whose network has no layers yet, or these. */
function draftOf(layers: object[], model: object = {}): Draft {
  return {
    id: 'small',
    revision: 0,
    document: {
      name: 'small',
      dataset: { name: 'mnist' },
      model: { version: 1, name: 'small', input: { shape: [28, 28, 1] }, layers, ...model },
    },
    canvas: { places: {}, groups: [] },
    unreadable: {},
    parent: null,
    replicates: 1,
  } as Draft;
}
async function start(draft: Draft, scheme: 'light' | 'dark' = 'light'): Promise<TestWindow> {
  window = await openTestWindow({
    before: (page) => page.emulateMedia({ colorScheme: scheme, reducedMotion: 'reduce' }),
  });
  await window.host.services.draft.write({ draft });
  await window.open('/model');
  await window.page.locator('[data-layer="input"]').waitFor();
  return window;
}
/** What the host keeps: the network as it is written. */
async function kept({ host }: TestWindow) {
  const { document, canvas } = await host.services.draft.read({ draft: 'small' });
  const { layers } = document.model as { layers: { id: string; kind: string; inputs?: string[] }[] };
  return { layers: layers.map(({ id, inputs }) => (inputs ? `${id}<${inputs.join('+')}` : id)), canvas };
}
const layers = async (one: TestWindow) => (await kept(one)).layers.join(' ');
const box = (page: Page, id: string) => page.locator(`[data-layer="${id}"]`);
const SMALL = [
  { id: 'conv1', kind: 'conv2d', filters: 8, kernel: 3 },
  { id: 'act1', kind: 'activation' },
  { id: 'flat', kind: 'flatten' },
  { id: 'out', kind: 'dense', units: 10 },
];

describe.skipIf(noBrowser)(`Model builder${reason}`, () => {
  it('builds a network by mouse: drag, insert on an edge, connect, group, move; undo takes all of it back', async () => {
    const one = await start(draftOf([]));
    const { page } = one;
    const palette = page.getByRole('region', { name: 'Palette' });
    const item = (name: string) => palette.getByRole('button', { name, exact: true });
    await page.getByText('No layers yet').waitFor();
    await item('Convolution').dragTo(box(page, 'input'));
    await expect.poll(() => layers(one)).toBe('conv1');
    await item('Flatten').click();
    const fit = page.getByRole('button', { name: 'Show the whole graph' });
    // A box that is fitted in may lie under the overview.
    await page.getByRole('button', { name: 'Overview' }).click();
    await fit.click();
    await item('Dense').dragTo(box(page, ':output'));
    await expect.poll(() => layers(one)).toBe('conv1 flatten1 dense1');

    await fit.click();
    await item('Activation').dragTo(page.locator('[data-edge^="flatten1<"]'));
    await expect.poll(() => layers(one)).toBe('conv1 act1 flatten1 dense1');
    await page.getByRole('button', { name: 'Insert a layer after act1, before flatten1' }).click();
    await page.getByPlaceholder(/kind of layer/).fill('maximum');
    await page.keyboard.press('Enter');
    await expect.poll(() => layers(one)).toBe('conv1 act1 pool1 flatten1 dense1');

    // Something loose, connected by its handles.
    const canvas = page.getByRole('region', { name: 'Graph of the network' });
    await fit.click();
    await item('Dropout').dragTo(canvas, { targetPosition: { x: 40, y: 60 } });
    await expect.poll(() => layers(one)).toBe('conv1 act1 pool1 flatten1 drop1< dense1<flatten1');
    await box(page, 'drop1').getByText('2 problems').waitFor();
    await fit.click();
    const handle = (id: string, end: 'source' | 'target') =>
      page.locator(`.vue-flow__node[data-id="${id}"] .vue-flow__handle.${end}`);
    await handle('flatten1', 'source').dragTo(handle('drop1', 'target'));
    await expect.poll(() => layers(one)).toContain('drop1<flatten1');
    await fit.click();
    await handle('drop1', 'source').dragTo(handle('dense1', 'target'));
    await expect.poll(() => layers(one)).toContain('dense1<drop1');

    await box(page, 'conv1').click();
    await box(page, 'act1').click({ modifiers: ['Control'] });
    await page.getByRole('button', { name: 'Group', exact: true }).click();
    await page.getByRole('group', { name: 'Group Block 1, 2 layers' }).waitFor();
    await page.getByRole('button', { name: 'Collapse Block 1' }).click();
    await page.getByRole('button', { name: /^Group Block 1.*collapsed.*2 layers/ }).dblclick();
    const before = (await kept(one)).canvas?.places?.pool1;
    const place = (await box(page, 'pool1').boundingBox())!;
    await page.mouse.move(place.x + 40, place.y + 20);
    await page.mouse.down();
    await page.mouse.move(place.x + 140, place.y + 40, { steps: 6 });
    await page.mouse.up();
    await expect.poll(async () => (await kept(one)).canvas?.places?.pool1).not.toEqual(before);

    const undo = page.getByRole('button', { name: /^Undo: / });
    const states: string[] = [];
    while ((await undo.count()) > 0) {
      states.push((await undo.getAttribute('aria-label')) ?? '');
      await undo.click();
    }
    expect(states).toHaveLength(12);
    await expect.poll(() => layers(one)).toBe('');
    const redo = page.getByRole('button', { name: /^Redo: / });
    while ((await redo.count()) > 0) await redo.click();
    await expect.poll(() => layers(one)).toBe('conv1 act1 pool1 flatten1 drop1<flatten1 dense1<drop1');
  });

  it('builds the same by keyboard alone, and says what each edit did', async () => {
    const one = await start(draftOf([]));
    const { page } = one;
    const said = page.getByRole('status').filter({ hasText: /\w/ });
    const insert = async (words: string) => {
      await page.keyboard.press('Insert');
      await page.getByPlaceholder(/kind of layer/).waitFor();
      await page.keyboard.type(words);
      await page.getByRole('option').first().waitFor();
      await page.keyboard.press('Enter');
    };
    const focused = () => page.evaluate('document.activeElement?.dataset.layer');
    await box(page, 'input').focus();
    await insert('convolution');
    await expect.poll(focused).toBe('conv1');
    await said.getByText('Added conv1, after the input.').waitFor();
    await insert('activation');
    await expect.poll(focused).toBe('act1');
    await insert('flatten');
    await expect.poll(focused).toBe('flatten1');
    await insert('dense');
    await expect.poll(focused).toBe('dense1');
    await expect.poll(() => layers(one)).toBe('conv1 act1 flatten1 dense1');

    await page.keyboard.press('ArrowUp');
    await page.keyboard.press('ArrowUp');
    await expect.poll(focused).toBe('act1');
    await page.keyboard.press('Alt+ArrowUp');
    await expect.poll(() => layers(one)).toBe('act1 conv1 flatten1 dense1');
    await said.getByText('Moved act1 before conv1.').waitFor();
    await page.keyboard.press('Alt+ArrowDown');
    await page.keyboard.press('Control+d');
    await expect.poll(() => layers(one)).toBe('conv1 act1 act2 flatten1 dense1');

    await box(page, 'conv1').focus();
    await page.keyboard.press('Shift+F10');
    await page.getByRole('menuitem', { name: 'Connect to …' }).press('Enter');
    await page.getByRole('option', { name: /^flatten1/ }).waitFor();
    expect(await page.getByRole('option', { name: /^act1/ }).getAttribute('data-disabled')).toBe('');
    await page.keyboard.type('flatten');
    await page.keyboard.press('Enter');
    await expect.poll(() => layers(one)).toBe('conv1 act1 act2 flatten1<conv1 dense1');
    await page.keyboard.press('Control+z');
    await expect.poll(() => layers(one)).toBe('conv1 act1 act2 flatten1 dense1');

    await page.keyboard.press('Control+f');
    await page.getByPlaceholder(/Find a layer/).waitFor();
    await page.keyboard.type('act2');
    await expect.poll(() => page.getByRole('option').count()).toBe(1);
    await page.locator('[role="option"][data-highlighted]').getByText('act2').waitFor();
    await page.keyboard.press('Enter');
    await expect.poll(focused).toBe('act2');
    await page.keyboard.press('Delete');
    await expect.poll(() => layers(one)).toBe('conv1 act1 flatten1 dense1');
    await said.getByText('Deleted act2.').waitFor();

    await page.getByRole('button', { name: 'List' }).press('Enter');
    await page.getByRole('button', { name: 'Move flatten1 up' }).press('Enter');
    await expect.poll(() => layers(one)).toBe('conv1 flatten1 act1 dense1');
  });

  it('refuses a circle with a sentence, shows what is wrong at the layer, and what cannot be drawn', async () => {
    const one = await start(draftOf(SMALL));
    const { page } = one;
    const handle = (id: string, end: string) =>
      page.locator(`.vue-flow__node[data-id="${id}"] .vue-flow__handle.${end}`);
    await page.getByRole('button', { name: 'Show the whole graph' }).click();
    await handle('flat', 'source').dragTo(handle('conv1', 'target'));
    await page.getByText('so the network would go round in a circle').first().waitFor();
    expect(await layers(one)).toBe('conv1 act1 flat out');
    await box(page, 'flat').click();
    await page.keyboard.press('Delete');
    await page.getByRole('button', { name: /^out.*Dense.*output \?/ }).waitFor();
  });

  it('says why a network cannot be drawn, and leads to a preset', async () => {
    window = await openTestWindow();
    const { page, host, open } = window;
    await host.services.draft.write({
      draft: draftOf([
        { id: 'a', kind: 'flatten' },
        { id: 'a', kind: 'dense' },
      ]),
    });
    await open('/model');
    await page.getByText('layer 2 has the id "a", which is taken').first().waitFor();
    await page.getByRole('button', { name: 'Choose a preset' }).click();
    await page.getByRole('button', { name: 'Use LeNet, small' }).click();
    await box(page, 'conv1').waitFor();
  });

  it.each(['light', 'dark'] as const)('is accessible in the %s theme', async (scheme) => {
    const { page } = await start(
      { ...draftOf([...SMALL.slice(0, 3), { id: 'loose', kind: 'dropout', inputs: [] }, SMALL[3] ?? {}]) },
      scheme,
    );
    await box(page, 'conv1').click();
    expect(await violationsOf(page)).toEqual([]);
    await page.keyboard.press('Control+g');
    await page.getByRole('group', { name: 'Group Block 1, 1 layers' }).waitFor();
    await page.getByRole('button', { name: 'List' }).click();
    expect(await violationsOf(page)).toEqual([]);
    await page.getByRole('button', { name: 'Presets' }).click();
    await page.getByRole('button', { name: 'Use LeNet-5' }).waitFor();
    expect(await violationsOf(page)).toEqual([]);
  });
});
