import * as fs from 'node:fs';
import * as path from 'node:path';
import { describe, expect, it } from 'vitest';

const ROOT = path.resolve(import.meta.dirname, '../..');
const IMPORT = /^\s*(?:import|export)\s+(?!type\b)(?:([^'";]*?)\s+from\s+)?['"]([^'"]+)['"]/gm;

/** Every source that is loaded with this one, each with the one that asks for it. `await import` is not followed. */
function loadedWith(entry: string): Map<string, string> {
  const by = new Map([[entry, '']]);
  for (const file of by.keys()) {
    const source = fs.existsSync(file) ? fs.readFileSync(file, 'utf8') : '';
    for (const [, names = '', specifier = ''] of source.matchAll(IMPORT)) {
      if (isTypesOnly(names)) continue;
      const found = resolve(specifier, file);
      if (!by.has(found)) by.set(found, file);
    }
  }
  return by;
}

function isTypesOnly(names: string): boolean {
  const list = /^\{([^}]*)\}$/.exec(names.trim())?.[1];
  return list !== undefined && list.split(',').every((name) => /^\s*(type\s|$)/.test(name));
}

function resolve(specifier: string, from: string): string {
  if (specifier.startsWith('.')) return path.resolve(path.dirname(from), specifier);
  return specifier.replace(/^#(shared|renderer)/, path.join(ROOT, 'src-$1'));
}

/** The way from the entry to a package, for the person who has to cut it. */
function way(loaded: Map<string, string>, to: string): string[] {
  const steps: string[] = [];
  for (let at: string | undefined = to; at; at = loaded.get(at)) steps.push(path.relative(ROOT, at) || at);
  return loaded.has(to) ? steps : [];
}

describe('what the first picture waits for', () => {
  it.each(['app/main.ts', 'pages/home/HomePage.vue'])(
    '%s loads neither the checks of configurations nor a chart',
    (entry) => {
      const loaded = loadedWith(path.join(ROOT, 'src-renderer', entry));
      expect(loaded.size).toBeGreaterThan(20);
      for (const heavy of ['zod', 'echarts/core', '@vue-flow/core', '@codemirror/view']) {
        expect(way(loaded, heavy), `${heavy} is loaded with ${entry}`).toEqual([]);
      }
    },
  );

  it('would see them: the model builder loads checks and the graph', () => {
    const loaded = loadedWith(path.join(ROOT, 'src-renderer/pages/model/ModelPage.vue'));
    expect(way(loaded, 'zod').length).toBeGreaterThan(1);
    expect(way(loaded, '@vue-flow/core').length).toBeGreaterThan(1);
  });
});
