import { execFileSync } from 'node:child_process';
import * as fs from 'node:fs';
import { tmpdir } from 'node:os';
import * as path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findChromium, openChromium } from '#test/support/chromium.ts';
import { cornersDataFolder } from '#test/support/data-folder.ts';
import { startStandIn } from '#test/support/electron-stand-in.ts';

const missing = !findChromium()
  ? ' (skipped: no Chromium; apt install chromium)'
  : !fs.existsSync('out/main/electron.js')
    ? ' (skipped: the application is not built; npm run build)'
    : '';

/** By these bytes the tool finds the fuses in Electron's program; version 1, nine fuses, all of them off or as removed. */
const FUSES = Buffer.concat([
  Buffer.from('dL7pKGdnNz796PbbjQWNKmHXBZaB9tsX'),
  Buffer.from([1, 9]),
  Buffer.from('110010000'),
]);

/*
 * Electron's own program cannot be had everywhere. electron-builder packs around a stand-in for it that has nothing but
 * the fuses; what it packs is the real application.
 */
describe.skipIf(missing)(`the packed application${missing}`, () => {
  let folder: string;
  let resources: string;
  const tool = (name: string, ...words: string[]): string =>
    execFileSync(process.execPath, [path.resolve('node_modules', name), ...words], { encoding: 'utf8' });

  beforeAll(() => {
    folder = fs.mkdtempSync(path.join(tmpdir(), 'bitsmith-package-'));
    const electron = path.join(folder, 'electron');
    fs.mkdirSync(path.join(electron, 'resources'), { recursive: true });
    fs.writeFileSync(path.join(electron, 'electron'), FUSES, { mode: 0o755 });
    for (const name of ['LICENSE', 'LICENSES.chromium.html', 'version', 'chrome-sandbox']) {
      fs.writeFileSync(path.join(electron, name), '');
    }
    const output = path.join(folder, 'dist');
    tool(
      'electron-builder/cli.js',
      '--config',
      'electron-builder.config.js',
      '--linux',
      'dir',
      `-c.electronDist=${electron}`,
      `-c.directories.output=${output}`,
    );
    resources = path.join(output, fs.readdirSync(output).find((name) => name.endsWith('unpacked')) ?? '');
  }, 120_000);
  afterAll(() => fs.rmSync(folder, { recursive: true, force: true }));

  it('has the fuses of the security checklist', () => {
    const program = fs.readFileSync(path.join(resources, 'bitsmith'));
    const at = program.indexOf('dL7pKGdnNz796PbbjQWNKmHXBZaB9tsX') + 34;
    const [runAsNode, cookies, nodeOptions, inspect, integrity, onlyAsar, snapshot, fileRights] = program
      .subarray(at, at + 8)
      .toString()
      .split('')
      .map((state) => state === '1');
    expect({ runAsNode, cookies, nodeOptions, inspect, integrity, onlyAsar, snapshot, fileRights }).toEqual({
      runAsNode: false,
      cookies: true,
      nodeOptions: false,
      inspect: false,
      integrity: true,
      onlyAsar: true,
      snapshot: false,
      fileRights: false,
    });
  });

  it('holds the bundles and the packages that they need, and no sources, tools or other platforms', () => {
    const names = tool('@electron/asar/bin/asar.js', 'list', path.join(resources, 'resources/app.asar'))
      .split('\n')
      .map((name) => name.replaceAll('\\', '/'));
    expect(names).toEqual(
      expect.arrayContaining([
        '/out/main/electron.js',
        '/out/main/training.js',
        '/out/preload/preload.cjs',
        '/out/renderer/index.html',
        '/resources/runtime/include/bitsmith.h',
        '/LICENSE',
      ]),
    );
    const tops = new Set(names.map((name) => name.split('/')[1]));
    expect([...tops].filter(Boolean).sort()).toEqual([
      'LICENSE',
      'node_modules',
      'out',
      'package.json',
      'resources',
    ]);
    for (const tool of ['electron', 'vite', 'vitest', 'typescript', 'vue', 'echarts', 'playwright-core']) {
      expect(names, tool).not.toContain(`/node_modules/${tool}`);
    }
    const native = names.filter((name) => /\.(node|dll|dylib|exe)$/.test(name));
    expect(native.length).toBeGreaterThan(0);
    expect(native.filter((name) => /darwin|win32/.test(name))).toEqual([]);
  });

  it('leaves outside the archive what compilers and the system read', () => {
    const outside = path.join(resources, 'resources/app.asar.unpacked');
    expect(fs.existsSync(path.join(outside, 'resources/runtime/include/bitsmith.h'))).toBe(true);
    expect(fs.existsSync(path.join(outside, 'node_modules/better-sqlite3/prebuilds'))).toBe(true);
  });

  it('starts from nothing but what was packed, opens its window and finds its back ends', async () => {
    const app = path.join(folder, 'app');
    tool('@electron/asar/bin/asar.js', 'extract', path.join(resources, 'resources/app.asar'), app);
    const data = await cornersDataFolder();
    const browser = await openChromium();
    const electron = await startStandIn(path.join(app, 'out/main/electron.js'), {
      context: browser.context,
      switches: { 'data-dir': data.root },
      userData: path.join(folder, 'user'),
    });
    try {
      expect(electron.errorBoxes).toEqual([]);
      const page = electron.windows[0]?.page;
      await page?.getByText('results and gradients agree').first().waitFor({ timeout: 60_000 });
    } finally {
      await electron.quit();
      await browser.close();
      data.remove();
    }
  }, 120_000);
});

describe('the installers', () => {
  it('are those of each platform', async () => {
    const file = path.resolve('electron-builder.config.js');
    const { default: builder } = (await import(file)) as {
      default: Record<'linux' | 'win' | 'mac', { target: string[] }>;
    };
    expect(builder.linux.target).toEqual(['AppImage', 'deb']);
    expect(builder.win.target).toEqual(['nsis']);
    expect(builder.mac.target).toEqual(['dmg']);
  });
});
