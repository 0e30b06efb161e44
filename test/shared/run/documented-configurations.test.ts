import * as fs from 'node:fs';
import * as path from 'node:path';
import { describe, expect, it } from 'vitest';
import { costReport } from '#shared/model/cost.ts';
import { parseRunConfig, resolveRun } from '#shared/run/config.ts';
import { checkSearch } from '#shared/search/check.ts';

const ROOT = path.join(import.meta.dirname, '../../..');
const DATA: Record<string, { shape: [number, number, number]; classes: number }> = {
  mnist: { shape: [28, 28, 1], classes: 10 },
  'fashion-mnist': { shape: [28, 28, 1], classes: 10 },
  'cifar-10': { shape: [32, 32, 3], classes: 10 },
  'cifar-100': { shape: [32, 32, 3], classes: 100 },
  imagenet: { shape: [224, 224, 3], classes: 1000 },
};

function resolved(document: unknown, what: string) {
  const config = parseRunConfig(document, what);
  const { name } = config.dataset;
  const data = DATA[name];
  if (!data) throw new Error(`${what}: no such data set here: ${name}`);
  const classes = Array.from({ length: data.classes }, (_, i) => String(i));
  return { config, model: resolveRun(config, { name, shape: data.shape, classes }) };
}

describe('the examples of docs/training.md', () => {
  const text = fs.readFileSync(path.join(ROOT, 'docs/training.md'), 'utf8');
  const blocks = [...text.matchAll(/```json\n(.*?)```/gs)].map(([, block]) => block ?? '');

  it('are at least five', () => expect(blocks.length).toBeGreaterThanOrEqual(5));

  it.each(blocks.map((block, i) => [i + 1, block] as const))(
    'number %d is a configuration',
    (_number, block) => {
      expect(resolved(JSON.parse(block), 'the example').model.layers.length).toBeGreaterThan(3);
    },
  );
});

describe('the recipes', () => {
  const folder = path.join(ROOT, 'resources/recipes');
  const files = fs.readdirSync(folder).filter((file) => file.endsWith('.json'));

  it('are there for every headline number', () => {
    for (const start of [
      'gxnor-mnist',
      'gxnor-cifar-10',
      'bnn-mnist',
      'bnn-cifar-10',
      'ttq-resnet20',
      'ternary-statistical-resnet20',
      'rebnet-cifar-10-m1',
      'rebnet-cifar-10-m2',
      'rebnet-cifar-10-m3',
      'bnn-plus-alexnet',
      'bnn-plus-dorefa-net',
      'tot-net-nin-cifar-10',
      'tot-net-nin-cifar-100',
      'tga-resnet18',
    ]) {
      expect(files.some((file) => file.startsWith(start))).toBe(true);
    }
  });

  it.each(files)('%s is a configuration that says where its settings come from', (file) => {
    const document: unknown = JSON.parse(fs.readFileSync(path.join(folder, file), 'utf8'));
    const { config, model } = resolved(document, file);
    expect(config.notes).toMatch(/Paper|Abstract|README|history|paper/);
    expect(config.tags).toContain('recipe');
    expect(model.layers.length).toBeGreaterThan(3);
  });
});

describe('the recipe for 16 KB of flash', () => {
  it('has as many weights as it says, all ternary, which leave more than half of the flash for code', () => {
    const file = path.join(ROOT, 'resources/recipes/mnist-16k.json');
    const { config, model } = resolved(JSON.parse(fs.readFileSync(file, 'utf8')), 'mnist-16k');
    const { weights } = costReport(model).total;
    const ternary = 25 * 24 + 9 * 24 * 32 + 9 * 32 * 64 + 3 * 3 * 64 * 10;
    // Besides them a factor and an offset of each batch norm's channels, which fold into thresholds.
    expect(weights).toEqual({ 2: ternary, 32: 2 * (24 + 32 + 64 + 10) });
    expect(config.notes).toContain(`${ternary.toLocaleString('en-US')} ternary weights`);
    expect((ternary * 1.6) / 8).toBeLessThan(8 * 1024);
  });
});

describe('the recipes of searches', () => {
  const folder = path.join(ROOT, 'resources/recipes/searches');

  it.each(fs.readdirSync(folder))('%s is a search whose every candidate is a configuration', (file) => {
    const document: unknown = JSON.parse(fs.readFileSync(path.join(folder, file), 'utf8'));
    const { candidates } = checkSearch(document);
    expect(candidates.length).toBeGreaterThanOrEqual(10);
    for (const { config } of candidates.slice(0, 12)) resolved(config, file);
  });
});
