import { describe, expect, it } from 'vitest';
import type { SoundFeatures } from '#shared/dataset/sound/spec.ts';
import { estimateDeployment } from '#shared/export/estimate/estimate-deployment.ts';
import { partOf } from '#shared/export/parts/index.ts';
import { inspectModel } from '#shared/model/inspect/inspect-model.ts';
import { ActivationChoiceSchema, WeightChoiceSchema } from '#shared/quant/registry.ts';
import {
  budgetOf,
  budgetPart,
  memoriesOf,
  memoryProblem,
  partChoices,
} from '#renderer/components/cost/budget.ts';
import { costRows, costTable, widths } from '#renderer/components/cost/cost-rows.ts';
import { verdictLook } from '#renderer/components/cost/verdict-look.ts';
import { layerShares } from '#renderer/pages/model/layer-shares.ts';
import { testSound } from '#test/support/sound-networks.ts';

const inspection = inspectModel(
  {
    version: 1,
    name: 'net',
    input: { shape: [12, 12, 1] },
    layers: [
      { id: 'c1', kind: 'conv2d', filters: 8, kernel: 3, weights: { method: 'int8' } },
      { id: 'n1', kind: 'batch-norm' },
      { id: 'a1', kind: 'activation' },
      { id: 'f', kind: 'flatten' },
      { id: 'out', kind: 'dense', units: 10 },
    ],
  },
  {
    weights: WeightChoiceSchema.parse({ method: 'twn' }),
    activations: ActivationChoiceSchema.parse({ method: 'gxnor' }),
  },
  { classes: 10 },
);
function estimated(sound?: SoundFeatures) {
  if (!inspection.model) throw new Error('the network is wrong');
  const result = estimateDeployment(inspection.model, { target: 'cortex-m4', sound });
  if (!result.ok) throw new Error('refused');
  return result.estimate;
}

describe('a budget of one’s own', () => {
  it.each([
    [undefined, 'Flash needs a number of KiB.'],
    ['', 'Flash needs a number of KiB.'],
    ['lots', 'Flash must be a whole number of KiB from 1 to 4,194,304; "lots" is not.'],
    [0, 'Flash must be a whole number of KiB from 1 to 4,194,304; "0" is not.'],
    [-64, 'Flash must be a whole number of KiB from 1 to 4,194,304; "-64" is not.'],
    [0.5, 'Flash must be a whole number of KiB from 1 to 4,194,304; "0.5" is not.'],
    [1e9, 'Flash must be a whole number of KiB from 1 to 4,194,304; "1000000000" is not.'],
    [64, null],
    [4_194_304, null],
  ])('of %s KiB of flash: %s', (value, sentence) => {
    expect(memoryProblem('Flash', value)).toBe(sentence);
    const id = budgetPart({ core: 'cortex-m3', flash: value, ram: 8 });
    if (sentence !== null) expect(id).toBeNull();
    else
      expect(partOf(id ?? '')).toMatchObject({ target: 'cortex-m3', flash: Number(value) * 1024, ram: 8192 });
  });

  it('begins at the part that was chosen, and comes back as it was', () => {
    const part = partOf('stm32f103c8');
    expect(budgetOf(part)).toEqual({ core: 'cortex-m3', flash: 64, ram: 20 });
    const own = budgetPart({ core: 'rv32imc', flash: 100, ram: 10 }) ?? '';
    expect(budgetPart(budgetOf(partOf(own)))).toBe(own);
    expect(memoriesOf(partOf(own))).toBe('100 KiB flash, 10 KiB RAM');
  });

  it('stands beside parts that all exist', () => {
    const ids = partChoices().flatMap(({ choices }) => choices.map(({ value }) => value));
    expect(new Set(ids).size).toBe(ids.length);
    for (const id of ids.filter((value) => value !== 'own-budget')) expect(partOf(id).id).toBe(id);
  });
});

describe('the table of costs', () => {
  it('has every number of the inspection and of the estimate, by bit width', () => {
    const estimate = estimated();
    const rows = costRows(inspection.layers, estimate);
    expect(widths(rows.map(({ weights }) => weights))).toEqual([2, 8, 32]);
    const { columns, rows: table } = costTable(inspection, estimate);
    const total = table.at(-1) ?? [];
    const sum = (name: string) =>
      table.slice(0, -1).reduce((all, row) => all + Number(row[columns.indexOf(name)] ?? 0), 0);
    for (const name of columns.filter((column) => /^(parameters|multiply|instructions)/.test(column)))
      expect(total[columns.indexOf(name)], name).toBe(sum(name));
    expect(sum('bytes of flash')).toBe(estimate.total.tables);
    expect(total[columns.indexOf('bytes of flash')]).toBe(estimate.total.flash);
    for (const row of table) expect(row).toHaveLength(columns.length);
  });

  it('has a row for the front end of sound, between the layers and the total', () => {
    const estimate = estimated(testSound());
    const { columns, rows } = costTable(inspection, estimate);
    const row = rows.at(-2) ?? [];
    expect(row).toHaveLength(columns.length);
    const value = (column: string) => row[columns.indexOf(column)];
    expect(value('layer')).toBe('Sound front end');
    expect(value('bytes of flash')).toBe(estimate.frontEnd?.flash);
    expect(value('bytes of RAM')).toBe(4 * (512 + 40));
    expect(rows.at(-1)?.[columns.indexOf('bytes of flash')]).toBe(estimate.total.flash);
  });

  it('says what is not known, instead of 0', () => {
    const [row] = costRows(inspection.layers, null);
    expect(row).toMatchObject({ flash: null, ram: null, instructions: null });
  });
});

describe('shares on the boxes', () => {
  it('are of the part’s memories, or of the network’s where the part has no budget', () => {
    const estimate = estimated();
    const of = (part: string) => layerShares(estimate, partOf(part)).get('out')?.shares;
    const flash = estimate.layers.find(({ id }) => id === 'out')?.flashBytes ?? NaN;
    expect(of('stm32f030f4')?.[0]?.fraction).toBeCloseTo(flash / 16384);
    expect(of('cortex-m4')?.[0]?.fraction).toBeCloseTo(flash / estimate.total.flash);
    expect(of('stm32f030f4')?.[0]?.text).toMatch(/^Flash: .* of STM32F030F4$/);
    expect(layerShares(null, partOf('cortex-m4')).size).toBe(0);
    expect(layerShares(estimate, partOf('cortex-m4')).get('n1')?.computedBy).toBe('a1');
  });
});

describe('the verdict in words', () => {
  const known = { isWhole: true, isBusy: false, isStale: false, refusal: null, verdict: null };
  const use = { used: 1, budget: 2, left: 1 };
  const verdict = { fits: true, flash: use, ram: use, sentence: 'fits X: 1 KiB of flash left' };
  it.each([
    [{ ...known, isWhole: false, verdict }, /^Not known: the network has problems/, null],
    [{ ...known, isBusy: true }, /^Being worked out/, null],
    [{ ...known, verdict }, /^Fits X/, null],
    [{ ...known, verdict, isBusy: true, isStale: true }, /^Fits X/, 'being worked out anew'],
    [
      { ...known, verdict: { ...verdict, fits: false, sentence: 'does not fit X' } },
      /^Does not fit X$/,
      null,
    ],
    [{ ...known, refusal: 'layer c1 cannot be lowered.' }, /^Layer c1 cannot be lowered$/, null],
  ])('%#', (state, text, note) => {
    expect(verdictLook(state).text).toMatch(text);
    expect(verdictLook(state).note).toBe(note);
  });
  it('has an icon of its own for each', () => {
    const icons = [
      verdictLook({ ...known, verdict }),
      verdictLook({ ...known, verdict: { ...verdict, fits: false } }),
      verdictLook({ ...known, verdict: { ...verdict, fits: null } }),
      verdictLook({ ...known, refusal: 'x' }),
    ].map(({ icon }) => icon);
    expect(new Set(icons).size).toBe(4);
  });
});
