import * as fs from 'node:fs';
import type { Download, Page } from 'playwright-core';
import { afterEach, describe, expect, it } from 'vitest';
import type { Draft } from '#shared/draft/draft.ts';
import { writeModel } from '#shared/model/qonnx/write/write-model.ts';
import { decodeModel } from '#main/services/model/decode.ts';
import { encodeModel } from '#main/services/model/encode.ts';
import { findChromium } from '#test/support/chromium.ts';
import { fakeTrained } from '#test/support/fake-model.ts';
import { node, onnxModel, weights } from '#test/support/onnx-files.ts';
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

const LAYERS = [
  { id: 'conv1', kind: 'conv2d', filters: 8, kernel: 3 },
  { id: 'act1', kind: 'activation' },
  { id: 'flat', kind: 'flatten' },
  { id: 'out', kind: 'dense', units: 10 },
];
const DRAFT = {
  id: 'small',
  revision: 0,
  document: {
    name: 'small',
    dataset: { name: 'mnist' },
    model: { version: 1, name: 'small', input: { shape: [28, 28, 1] }, layers: LAYERS },
    quantization: { weights: { method: 'bnn' } },
  },
  canvas: { places: { conv1: [400, 0] }, groups: [] },
  unreadable: {},
  parent: null,
  replicates: 1,
} as unknown as Draft;

async function start(scheme: 'light' | 'dark' = 'light'): Promise<TestWindow> {
  window = await openTestWindow({
    before: (page) => page.emulateMedia({ colorScheme: scheme, reducedMotion: 'reduce' }),
  });
  await window.host.services.draft.write({ draft: DRAFT });
  await window.open('/model');
  await window.page.locator('[data-layer="input"]').waitFor();
  return window;
}
/** The network as the host keeps it. */
async function kept({ host }: TestWindow) {
  const { document, canvas } = await host.services.draft.read({ draft: 'small' });
  const model = document.model as { name: string; layers: ({ id: string } & Record<string, unknown>)[] };
  return { model, ids: model.layers.map(({ id }) => id).join(' '), canvas };
}
const chosen = (name: string, buffer: Buffer) => ({ name, mimeType: 'application/octet-stream', buffer });
const bytesOf = (download: Download) => download.path().then((file) => fs.readFileSync(file));
const dialog = (page: Page) => page.getByRole('dialog', { name: /^Imported/ });

/** A network that another tool might have written: a ternary convolution, pooling, a classifier. */
function foreign(): Buffer {
  const one = { name: 'one', dims: [], type: 'float' as const, data: [1] };
  const quant = { signed: 1, narrow: 1, rounding_mode: 'ROUND' };
  return Buffer.from(
    encodeModel(
      onnxModel(
        [
          node('wq', 'Quant', ['w', 'one', 'zero', 'bits'], quant, 'qonnx.custom_op.general'),
          node('first', 'Conv', ['x', 'wq'], { kernel_shape: [3, 3], pads: [1, 1, 1, 1] }),
          node('relu', 'Relu', ['first']),
          node('mean', 'GlobalAveragePool', ['relu']),
          node('vector', 'Flatten', ['mean']),
          node('logits', 'MatMul', ['vector', 'w2']),
          node('soft', 'Softmax', ['logits']),
        ],
        [
          one,
          { ...one, name: 'zero', data: [0] },
          { ...one, name: 'bits', data: [2] },
          weights('w', 4, 1, 3, 3),
          weights('w2', 4, 10),
        ].map((tensor) => ({ ...tensor, data: Float32Array.from(tensor.data ?? []) })),
        { shape: [1, 1, 28, 28] },
      ),
    ),
  );
}

describe.skipIf(noBrowser)(`Model files${reason}`, () => {
  it('imports a file of another tool by mouse, says what it does not keep; undo takes all of it back', async () => {
    const one = await start();
    const { page } = one;
    const chooser = page.waitForEvent('filechooser');
    await page.getByRole('button', { name: 'Import …' }).click();
    await (await chooser).setFiles(chosen('net.onnx', foreign()));
    await dialog(page).getByText('The network ends with the logits; left out: soft.').waitFor();
    await dialog(page).getByText('Weights are not taken over').waitFor();
    await expect.poll(async () => (await kept(one)).ids).toBe('first relu mean logits');
    expect((await kept(one)).canvas?.places).toEqual({});
    expect((await kept(one)).model.layers.at(0)).toMatchObject({ filters: 4, weights: { method: 'twn' } });
    await dialog(page).getByRole('button', { name: 'Undo' }).click();
    await expect.poll(async () => (await kept(one)).ids).toBe('conv1 act1 flat out');
    expect((await kept(one)).canvas?.places).toEqual({ conv1: [400, 0] });
  });

  it('exports by keyboard what it then reads back, methods of the draft’s rules included', async () => {
    const one = await start();
    const { page } = one;
    await page.getByRole('button', { name: 'Export', exact: true }).focus();
    await page.keyboard.press('Enter');
    const downloading = page.waitForEvent('download');
    await page.locator('[role=menuitem][data-highlighted]', { hasText: 'QONNX' }).waitFor();
    await page.keyboard.press('Enter');
    const download = await downloading;
    expect(download.suggestedFilename()).toBe('small.onnx');
    await page.getByText('Wrote small.onnx').first().waitFor();
    await page
      .getByText(/Not trained: weights are the first ones of seed 1/)
      .first()
      .waitFor();
    const bytes = await bytesOf(download);
    const { nodes } = decodeModel(bytes, 'small.onnx').graph;
    expect(nodes.map(({ type }) => type)).toContain('BipolarQuant');

    // The browser needs a moment to be told that somebody waits.
    const chooser = page.waitForEvent('filechooser');
    await page.keyboard.press('Control+k');
    await page.getByPlaceholder('Go to a page or a run').fill('import a network');
    await page.locator('[role=option][data-highlighted]', { hasText: 'Import a network' }).waitFor();
    await page.keyboard.press('Enter');
    await (await chooser).setFiles(chosen('again.onnx', bytes));
    await dialog(page).waitFor();
    await dialog(page).getByRole('button', { name: 'Keep' }).press('Enter');
    await dialog(page).waitFor({ state: 'detached' });
    // What the rules of the draft decided is now said by the layer itself.
    await expect.poll(async () => 'weights' in ((await kept(one)).model.layers.at(0) ?? {})).toBe(true);
    const { ids, model } = await kept(one);
    expect(ids).toBe('conv1 act1 flat out');
    expect(model.layers.at(0)).toMatchObject({ filters: 8, weights: { method: 'bnn' } });
  });

  it('saves and reads JSON, half-built networks too', async () => {
    const one = await start();
    const { page } = one;
    await page.getByRole('button', { name: 'Export', exact: true }).click();
    const downloading = page.waitForEvent('download');
    await page.getByRole('menuitem', { name: 'JSON' }).click();
    const text = (await bytesOf(await downloading)).toString('utf8');
    expect(JSON.parse(text)).toEqual(DRAFT.document.model);
    const half = text.replace('"units": 10', '"units": 0').replace('"small"', '"half"');
    await page.getByLabel('Network file').setInputFiles(chosen('half.json', Buffer.from(half)));
    await expect.poll(async () => (await kept(one)).model.name).toBe('half');
  });

  it('refuses a wrong file with one sentence, and nothing is lost', async () => {
    const one = await start();
    const { page } = one;
    const before = await kept(one);
    const operator = onnxModel([node('lstm', 'LSTM', ['x'])], [], { shape: [1, 1, 28, 28] });
    const wrong: [string, Buffer, RegExp][] = [
      ['letter.onnx', Buffer.from('Dear friend'), /letter\.onnx is no ONNX model, or is damaged/],
      ['empty.onnx', Buffer.alloc(0), /empty\.onnx is empty/],
      [
        'lstm.onnx',
        Buffer.from(encodeModel(operator)),
        /lstm\.onnx: node "lstm" \(LSTM\) is an operator that no layer stands for/,
      ],
      ['letter.json', Buffer.from('{"dear":"friend"}'), /letter\.json holds no network/],
    ];
    for (const [name, content, message] of wrong) {
      await page.getByLabel('Network file').setInputFiles(chosen(name, content));
      await page.getByText(message).first().waitFor();
    }
    expect(await kept(one)).toEqual(before);

    const model = {
      ...(DRAFT.document.model as object),
      layers: [{ id: 'a', kind: 'conv2d', filters: 1, kernel: 40 }],
    };
    await page
      .getByLabel('Network file')
      .setInputFiles(chosen('big.json', Buffer.from(JSON.stringify(model))));
    await expect.poll(async () => (await kept(one)).ids).toBe('a');
    await page.getByRole('button', { name: 'Export', exact: true }).click();
    await page.getByRole('menuitem', { name: 'QONNX' }).click();
    await page
      .getByText(/the network: "layers\[0\]\.kernel" is 40/)
      .first()
      .waitFor();
  });

  it('writes the checkpoint of a run as QONNX', async () => {
    window = await openTestWindow();
    const { page, host } = window;
    const run = host.runs.find(({ summary }) => summary.status === 'finished')!;
    await window.open(`/runs/${run.summary.id}`);
    await page.getByRole('tab', { name: /Checkpoints/ }).click();
    const downloading = page.waitForEvent('download');
    await page
      .getByRole('button', { name: /^Export the checkpoint of step \d+ as QONNX$/ })
      .first()
      .click();
    const { graph } = decodeModel(await bytesOf(await downloading), 'run.onnx');
    const { graph: trained, model } = fakeTrained();
    const expected = writeModel(trained, model, { input: 'bytes', version: '', documentation: '' }).model;
    expect(graph).toEqual(expected.graph);
  });

  for (const scheme of ['light', 'dark'] as const) {
    it(`has no violation of the accessibility rules, ${scheme}`, async () => {
      const { page } = await start(scheme);
      await page.getByLabel('Network file').setInputFiles(chosen('net.onnx', foreign()));
      await dialog(page).getByText('Weights are not taken over').waitFor();
      expect(await violationsOf(page)).toEqual([]);
    });
  }
});
