import { ESLint } from 'eslint';
import { describe, expect, it } from 'vitest';

/** What a file may import is decided by its folder: the law of eslint.config.js, tried on offenders. */

const eslint = new ESLint();

async function broken(filePath: string, code: string): Promise<string[]> {
  const [result] = await eslint.lintText(code, { filePath });
  return (result?.messages ?? []).map(({ ruleId }) => ruleId ?? '').filter((rule) => /restricted/.test(rule));
}

const use = (specifier: string) => `import * as thing from '${specifier}';\nexport const used = thing;\n`;

describe('import law', () => {
  it.each([
    ['src-shared/quant/x.ts', 'node:fs'],
    ['src-shared/quant/x.ts', '@tensorflow/tfjs-core'],
    ['src-shared/run/x.ts', '#main/host.ts'],
    ['src-shared/run/x.ts', '#renderer/app/main.ts'],
    ['src-shared/run/x.ts', 'electron'],
    ['src-shared/run/x.ts', 'vue'],
    ['src-renderer/pages/x/x.ts', 'node:path'],
    ['src-renderer/pages/x/x.ts', 'electron'],
    ['src-renderer/pages/x/x.ts', '@tensorflow/tfjs-core'],
    ['src-renderer/pages/x/x.ts', '#main/host.ts'],
    ['src-renderer/pages/x/x.ts', 'echarts/core'],
    ['src-renderer/components/chart/x.ts', '#main/host.ts'],
    ['src-main/services/run/x.ts', 'electron'],
    ['src-main/services/run/x.ts', 'better-sqlite3'],
    ['src-main/services/run/x.ts', 'node:child_process'],
    ['src-main/services/run/x.ts', '@tensorflow/tfjs-core'],
    ['src-main/services/run/x.ts', '#renderer/app/main.ts'],
    ['src-main/store/x.ts', 'node:child_process'],
    ['src-main/store/x.ts', 'electron'],
    ['src-main/toolchain/x.ts', 'better-sqlite3'],
    ['src-main/jobs/training/x.ts', 'better-sqlite3'],
    ['src-main/jobs/training/x.ts', 'electron'],
    ['src-main/backends/x.ts', 'node:child_process'],
  ])('%s may not import %s', async (file, specifier) => {
    expect(await broken(file, use(specifier))).not.toEqual([]);
  });

  it.each([
    [
      'src-shared/quant/x.ts',
      `import type { Tensor } from '@tensorflow/tfjs-core';\nexport type T = Tensor;\n`,
    ],
    ['src-shared/quant/x.ts', use('zod')],
    ['src-main/store/x.ts', use('better-sqlite3')],
    ['src-main/toolchain/x.ts', use('node:child_process')],
    ['src-main/jobs/host/x.ts', use('node:child_process')],
    ['src-main/jobs/training/x.ts', use('@tensorflow/tfjs-core')],
    ['src-main/backends/x.ts', use('@tensorflow/tfjs-core')],
    ['src-main/app/x.ts', use('electron')],
    ['src-renderer/components/chart/x.ts', use('echarts/core')],
    ['src-renderer/pages/x/x.ts', use('vue')],
  ])('%s may: %s', async (file, code) => {
    expect(await broken(file, code)).toEqual([]);
  });

  it('globals of Node and of the browser are out of reach in src-shared', async () => {
    expect(await broken('src-shared/run/x.ts', 'export const cwd = process.cwd();\n')).not.toEqual([]);
    expect(await broken('src-shared/run/x.ts', 'export const w = window;\n')).not.toEqual([]);
  });
});
