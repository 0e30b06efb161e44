import * as fs from 'node:fs';
import * as path from 'node:path';
import { describe, expect, it } from 'vitest';
import { METHODS } from '#shared/quant/registry.ts';
import { parseRunConfig, resolveRun } from '#shared/run/config.ts';
import { METHOD_FOLDER, methodFiles } from './method-files.ts';

/** The committed documentation of the methods is what the code says. */

const expected = await methodFiles();
const page = (id: string) => fs.readFileSync(path.join(METHOD_FOLDER, `${id}.md`), 'utf8');

function committed(): string[] {
  return fs
    .readdirSync(METHOD_FOLDER, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) =>
      path.relative(METHOD_FOLDER, path.join(entry.parentPath, entry.name)).replaceAll('\\', '/'),
    );
}

describe('docs/methods', () => {
  it('holds the files that `npm run docs:methods` writes, and no others', () => {
    expect(committed().sort()).toEqual([...expected.keys()].sort());
  });

  it.each([...expected.keys()])('%s is what `npm run docs:methods` writes', (name) => {
    expect(fs.readFileSync(path.join(METHOD_FOLDER, name), 'utf8')).toBe(expected.get(name));
  });

  it.each(METHODS.map((method) => [method.card.id, method] as const))(
    '%s: the configuration on its page is one, and it uses the method',
    (id, method) => {
      const [, json = ''] = /```json\n([\s\S]*?)```/.exec(page(id)) ?? [];
      const config = parseRunConfig(JSON.parse(json));
      const model = resolveRun(config, {
        name: 'mnist',
        shape: [28, 28, 1],
        classes: Array.from({ length: 10 }, (_, i) => String(i)),
      });
      const used = model.layers.flatMap((layer) => [layer.weights?.method, layer.activation?.method]);
      expect(used).toContain(id);
      if (method.weights) expect(config.quantization.weights.method).toBe(id);
      if (method.activations) expect(config.quantization.activations.method).toBe(id);
    },
  );

  it.each(METHODS.map((method) => [method.card.id, method] as const))(
    '%s: its page names every parameter with its default, and every equation',
    (id, { card, weights, activations }) => {
      const text = page(id);
      for (const line of [...card.forward, ...card.gradient]) expect(text).toContain(`\n${line}\n`);
      for (const side of [weights, activations]) {
        for (const [name, value] of Object.entries(side?.parameters.parse({}) ?? {})) {
          expect(text).toMatch(new RegExp(`\\| \`${name}\` +\\| \`${escape(JSON.stringify(value))}\` +\\|`));
        }
      }
    },
  );

  it('links every method from its first page', () => {
    const index = page('README');
    for (const { card } of METHODS) expect(index).toContain(`(${card.id}.md)`);
  });
});

function escape(text: string): string {
  return text.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&');
}
