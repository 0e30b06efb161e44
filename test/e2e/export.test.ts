import type { Page } from 'playwright-core';
import { afterEach, describe, expect, it } from 'vitest';
import { BitsmithError } from '#shared/base/errors.ts';
import { bytes, count } from '#renderer/components/base/format.ts';
import { DEFAULT_PLAN } from '#shared/export/plan/options.ts';
import { findChromium } from '#test/support/chromium.ts';
import { fakeSizes } from '#test/support/fake-firmware.ts';
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

const planned = (page: Page) => page.getByRole('region', { name: 'Plan', exact: true });
const rowOf = (page: Page, layer: string) =>
  page
    .getByRole('region', { name: 'Layers of the plan' })
    .locator('tbody tr', { has: page.getByRole('rowheader', { name: new RegExp(`^${layer} `) }) });
/** The first run of MNIST: its network is the fake host's `lenet-small`. */
const mnistOf = ({ host }: TestWindow) =>
  host.runs.find(({ summary }) => summary.dataset === 'mnist' && summary.status === 'finished')?.summary.id;
async function openPlan(opened: TestWindow): Promise<void> {
  await opened.open(`/export?run=${mnistOf(opened)}`);
  await opened.page.getByRole('region', { name: 'Layers of the plan' }).waitFor();
}
async function write({ page, host }: TestWindow): Promise<void> {
  const before = (await host.services.export.list({})).length;
  await page.getByRole('button', { name: 'Write the bundle' }).click();
  await expect.poll(async () => (await host.services.export.list({})).length).toBe(before + 1);
  await page
    .getByRole('region', { name: 'Bundle', exact: true })
    .getByText(`bundles/b${before + 1}`)
    .waitFor();
}

describe.skipIf(noBrowser)(`the plan of an export${reason}`, () => {
  it('is there before anything is written, and follows the objective', async () => {
    const opened = await start();
    const { page, host } = opened;
    await openPlan(opened);
    const total = async (objective: 'balanced' | 'speed') => {
      const { layers } = fakeSizes('lenet-small', { ...DEFAULT_PLAN, objective }, true);
      await planned(page)
        .getByText(count(layers.reduce((sum, { estimate }) => sum + (estimate ?? 0), 0)))
        .first()
        .waitFor();
    };
    await total('balanced');
    await page.getByRole('radio', { name: /^Speed/ }).check();
    await total('speed');
    expect(await host.services.export.list({})).toEqual([]);
  });

  it('asks once for choices in quick succession, and cancels what is out of date', async () => {
    const opened = await start({ taskTick: 60 });
    const { page, host } = opened;
    await openPlan(opened);
    const plans = async () =>
      (await host.services.task.list({})).filter(({ title }) => title === 'Plan the export');
    const before = (await plans()).length;
    for (const name of [/^Speed/, /^Flash/, /^RAM/]) await page.getByRole('radio', { name }).check();
    await expect.poll(async () => (await plans()).length).toBe(before + 1);
    // The old plan stays to be read meanwhile.
    expect(await rowOf(page, 'act1').count()).toBe(1);
    expect(await planned(page).getAttribute('aria-busy')).toBe('true');
    await page.getByRole('radio', { name: /^Balanced/ }).check();
    await expect
      .poll(async () => (await plans()).map(({ state }) => state).slice(-2))
      .toEqual(['cancelled', 'running']);
    await expect.poll(() => planned(page).getAttribute('aria-busy')).toBe('false');
  });

  it('takes the packing of a layer, with both costs, and goes back to automatic', async () => {
    const opened = await start();
    const { page, host } = opened;
    await openPlan(opened);
    const { layers } = fakeSizes('lenet-small', DEFAULT_PLAN, true);
    const act2 = layers.find(({ id }) => id === 'act2');
    const masks = act2?.alternatives.find(({ packing }) => packing === 'masks');
    if (!act2 || !masks) throw new Error('the network has changed: act2 has no masks');
    await page.getByRole('combobox', { name: 'Packing of act2' }).click();
    const name = `masks ${bytes(masks.weightBytes)} of flash, ≈ ${count(masks.estimate)} instructions`;
    await page.getByRole('option', { name }).click();
    await rowOf(page, 'act2').getByText(count(masks.estimate)).waitFor();
    await page.getByRole('button', { name: 'Write the bundle' }).click();
    await expect
      .poll(async () => (await host.services.export.list({}))[0]?.options)
      .toEqual({ ...DEFAULT_PLAN, packing: { act2: 'masks' } });
    await page.getByRole('button', { name: 'Packings automatic' }).click();
    await rowOf(page, 'act2')
      .getByText(count(act2.estimate ?? 0))
      .waitFor();
    expect(await page.getByRole('button', { name: 'Packings automatic' }).count()).toBe(0);
  });

  it('shows at the layer what the host says of a packing that does not fit', async () => {
    const opened = await start();
    const { page } = opened;
    await openPlan(opened);
    await page.getByRole('combobox', { name: 'Packing of act2' }).click();
    await page.getByRole('option', { name: /^masks/ }).click();
    await page.getByText('Advanced').click();
    await page.getByRole('radio', { name: /^Reference kernels/ }).check();
    await rowOf(page, 'act2').getByText('no layer of that name has packed weights').waitFor();
    await page.getByRole('button', { name: 'Packings automatic' }).click();
    await rowOf(page, 'act2').getByText('bs_conv2d_planes').waitFor();
    expect(await page.getByText('no layer of that name').count()).toBe(0);
  });

  it('can be given up and asked for again', async () => {
    const { page, open } = await start({ taskTick: 200 });
    await open('/export');
    await planned(page).getByRole('progressbar').waitFor();
    await planned(page).getByRole('button', { name: 'Cancel' }).last().click();
    await planned(page).getByText('No plan yet').waitFor();
    await planned(page).getByRole('button', { name: 'Plan', exact: true }).click();
    await planned(page).getByRole('progressbar').waitFor();
  });

  it('says why there is none, and tries again', async () => {
    const message = 'layer "softmax" of the run cannot be lowered: it has no integer meaning';
    const failing = new Map([['export.plan', new BitsmithError('unsupported', message)]]);
    const { page, open, host } = await start({ failing });
    await open('/export');
    await planned(page).getByRole('alert').getByText(message).waitFor();
    host.failing.clear();
    await planned(page).getByRole('button', { name: 'Try again' }).click();
    await page.getByRole('region', { name: 'Layers of the plan' }).waitFor();
  });
});

describe.skipIf(noBrowser)(`the memory map${reason}`, () => {
  it('says whether a board has room, also one’s own, and gives its numbers as tables', async () => {
    const opened = await start();
    const { page } = opened;
    await openPlan(opened);
    await page.getByRole('tab', { name: 'Memory' }).click();
    await page.getByRole('img', { name: /^Flash: act1 .* code and start-up/ }).waitFor();
    expect(await page.getByText(/fits: .* of 4\.0 MiB/).count()).toBe(2);
    await page.getByRole('combobox', { name: 'Board' }).click();
    await page.getByRole('option', { name: 'Your own board' }).click();
    await page.getByLabel('Flash in KiB').fill('64');
    await page.getByLabel('RAM in KiB').fill('2');
    await page.getByText(/fits: .* of 64\.0 KiB/).waitFor();
    await page.getByText(/does not fit: .* of 2\.0 KiB/).waitFor();
    await page.getByLabel('RAM in KiB').fill('none');
    await page.getByText('a number of KiB above 0').waitFor();
    await page.getByRole('button', { name: 'Show the numbers as tables' }).click();
    const rows = page.getByRole('region', { name: 'Arena by layer' }).locator('tbody tr');
    expect(await rows.count()).toBe(fakeSizes('lenet-small', DEFAULT_PLAN, true).layers.length);
  });

  it('counts only what is exact where the compiler is missing', async () => {
    const opened = await start();
    const { page } = opened;
    await openPlan(opened);
    await page.getByRole('radio', { name: /RISC-V/ }).check();
    await planned(page).getByText('needs the compiler').first().waitFor();
    await page.getByRole('tab', { name: 'Memory' }).click();
    await page.getByText('Code comes on top').waitFor();
    expect(await page.getByText('code and start-up').count()).toBe(0);
  });
});

describe.skipIf(noBrowser)(`a bundle${reason}`, () => {
  it('is written, shows its files and layers, and is verified layer by layer', async () => {
    const opened = await start();
    const { page, host } = opened;
    await openPlan(opened);
    await page.getByRole('radio', { name: /RISC-V/ }).check();
    await page.getByText('sudo apt-get install gcc-riscv64-unknown-elf').waitFor();
    await page.getByRole('radio', { name: /Cortex-M4/ }).check();
    await page.getByRole('button', { name: 'Write the bundle' }).click();
    await page.getByRole('button', { name: 'model.c' }).click();
    await page.getByText('bs_status model_run').waitFor();
    const [bundle] = await host.services.export.list({});
    await page.getByRole('region', { name: 'Bundle' }).getByRole('tab', { name: 'Layers' }).click();
    const layers = page.getByRole('region', { name: 'Layers of the bundle' }).locator('tbody tr');
    expect(await layers.count()).toBe(bundle?.layers.length);
    await page.getByRole('button', { name: 'All that run here' }).click();
    await page.getByRole('button', { name: 'Verify' }).click();
    await page.getByText('integer for integer').waitFor();
    await page.getByText('hit or just miss 61 of 64 thresholds').waitFor();
    const rows = page.getByRole('region', { name: 'Results of the verification' }).locator('tbody tr');
    expect(await rows.count()).toBe(4);
    expect(await rows.first().textContent()).toContain('1,024 / 1,024');
    const counted = page.getByRole('region', { name: 'Layers of the verification' });
    await counted.getByText('× estimate').first().waitFor();
    expect(await counted.locator('tbody tr').count()).toBe(bundle?.layers.length);
  });

  it('that differs says where first, on which core', async () => {
    const opened = await start({ wrongLayer: 'act2' });
    const { page } = opened;
    await openPlan(opened);
    await write(opened);
    await page.getByRole('button', { name: 'Verify' }).click();
    await page.getByText('The firmware does not compute what was trained.').waitFor();
    await page
      .getByText('3 samples differ: sample 17, layer act2, output 4 is -1 instead of 1')
      .first()
      .waitFor();
    await page
      .getByRole('region', { name: 'Layers of the verification' })
      .getByText('first to differ on This computer, Arm Cortex-M4')
      .waitFor();
  });

  it('has a report, which knows more after a verification', async () => {
    const opened = await start();
    const { page } = opened;
    await openPlan(opened);
    await write(opened);
    await page.getByRole('tab', { name: 'Report' }).click();
    await page
      .getByRole('region', { name: 'Operations by bit width' })
      .getByText('Bit operations')
      .first()
      .waitFor();
    await page.getByText('The stack is at most 412 B deep').waitFor();
    expect(await page.getByRole('region', { name: 'Last verification' }).count()).toBe(0);
    await page.getByRole('button', { name: 'Verify' }).click();
    await page.getByRole('region', { name: 'Last verification' }).getByText('cortex-m4').waitFor();
  });

  it('is compared with another one of the store', async () => {
    const opened = await start();
    const { page } = opened;
    await openPlan(opened);
    await write(opened);
    await page.getByRole('tab', { name: 'Compare' }).click();
    await page.getByText('Nothing to compare with').waitFor();
    await page.getByRole('radio', { name: /^Speed/ }).check();
    await write(opened);
    const sizes = page.getByRole('region', { name: 'Sizes and costs' });
    await sizes.getByText('Weights flash').waitFor();
    await page.getByText('Both compute the same integers').waitFor();
    await page.getByRole('region', { name: 'Options and origin that differ' }).getByText('speed').waitFor();
    const differing = await sizes.locator('tbody tr').count();
    await page.getByRole('switch', { name: 'Differences only' }).click();
    expect(await sizes.locator('tbody tr').count()).toBeGreaterThan(differing);
  });

  it('is of the run and checkpoint that another page chose', async () => {
    const { page, open, host } = await start();
    const run = host.runs.find(({ summary }) => summary.status === 'finished');
    await open(`/runs/${run?.summary.id}`);
    await page.getByRole('tab', { name: 'Checkpoints' }).click();
    await page.getByRole('link', { name: 'Export the checkpoint of step 600' }).click();
    await page.getByRole('combobox', { name: 'Checkpoint' }).getByText('Epoch 3, step 600').waitFor();
  });

  it('that cannot be written: the host’s words say why', async () => {
    const message = 'layer "softmax" of the run cannot be lowered: it has no integer meaning';
    const failing = new Map([['export.build', new BitsmithError('unsupported', message)]]);
    const { page, open } = await start({ failing });
    await open('/export');
    await page.getByRole('button', { name: 'Write the bundle' }).click();
    await page.getByText(message).first().waitFor();
  });
});

describe.skipIf(noBrowser)(`the export page with the keyboard alone${reason}`, () => {
  it('objective, packing, views, writing and verifying are reached', async () => {
    const opened = await start();
    const { page, host } = opened;
    await openPlan(opened);
    await page.getByRole('radio', { name: /^Balanced/ }).focus();
    await page.keyboard.press('ArrowDown');
    await expect.poll(() => page.getByRole('radio', { name: /^Speed/ }).isChecked()).toBe(true);
    await expect.poll(() => planned(page).getAttribute('aria-busy')).toBe('false');
    await page.getByRole('combobox', { name: 'Packing of act2' }).focus();
    await page.keyboard.press('Enter');
    await page.getByRole('option', { name: /^masks/ }).waitFor();
    await page.keyboard.type('masks');
    await page.keyboard.press('Enter');
    await page.getByRole('combobox', { name: 'Packing of act2' }).getByText('masks').waitFor();
    await page.getByRole('tab', { name: 'Layers' }).focus();
    await page.keyboard.press('ArrowRight');
    await page.getByRole('img', { name: /^Flash: / }).waitFor();
    await page.getByRole('button', { name: 'Write the bundle' }).focus();
    await page.keyboard.press('Enter');
    await expect
      .poll(async () => (await host.services.export.list({}))[0]?.options)
      .toEqual({ kernels: 'auto', objective: 'speed', packing: { act2: 'masks' } });
    await page.getByRole('checkbox', { name: 'Cortex-M0' }).focus();
    await page.keyboard.press('Space');
    await page.getByLabel('Test samples').fill('10');
    await page.keyboard.press('Enter');
    await page
      .getByRole('region', { name: 'Results of the verification' })
      .getByText('34 / 34')
      .first()
      .waitFor();
    const core = page.getByRole('region', { name: 'Results of the verification' }).getByText('Arm Cortex-M0');
    await core.waitFor();
  });
});
