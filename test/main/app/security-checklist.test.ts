import { readFileSync } from 'node:fs';
import * as path from 'node:path';
import { describe, expect, it } from 'vitest';

/**
 * The twenty items of Electron's security checklist (electronjs.org/docs/latest/tutorial/security), each with the test that
 * proves it here. What needs a running window is proven in `test/e2e/electron.test.ts` on the built application, what needs
 * an installer in `test/e2e/package.test.ts`; this file holds what the sources alone can show, and that no item is forgotten.
 */
const WINDOW = 'test/e2e/electron.test.ts';
const PACKAGE = 'test/e2e/package.test.ts';
const HERE = 'test/main/app/security-checklist.test.ts';
const URLS = 'test/main/app/window-url.test.ts';

const CHECKLIST: readonly [item: string, file: string, test: string][] = [
  ['1 only secure content', WINDOW, 'asked the network for nothing'],
  ['2 no Node for remote content', WINDOW, 'sandboxed, isolated, without Node'],
  ['3 context isolation', WINDOW, 'sandboxed, isolated, without Node'],
  ['4 process sandbox', WINDOW, 'asks for the sandbox'],
  ['5 permission requests', WINDOW, 'refuses every permission but copying text'],
  ['6 webSecurity', WINDOW, 'with web security'],
  ['7 Content-Security-Policy', WINDOW, 'a policy that Chromium enforces'],
  ['8 no insecure content', HERE, 'turns on nothing that is off for good reason'],
  ['9 no experimental features', HERE, 'turns on nothing that is off for good reason'],
  ['10 no enableBlinkFeatures', HERE, 'turns on nothing that is off for good reason'],
  ['11 no allowpopups', HERE, 'has no webview'],
  ['12 webview options', HERE, 'has no webview'],
  ['13 navigation', WINDOW, 'stays on its own page'],
  ['14 new windows', WINDOW, 'stays on its own page'],
  ['15 openExternal', URLS, 'opens'],
  ['16 current Electron', HERE, 'is built on a current Electron'],
  ['17 sender of every message', WINDOW, 'answers no other sender'],
  ['18 no file protocol', WINDOW, 'its own scheme'],
  ['19 fuses', PACKAGE, 'has the fuses of the security checklist'],
  ['20 no Electron APIs in the page', WINDOW, 'nothing of Electron or Node'],
];

const read = (file: string) => readFileSync(path.resolve(file), 'utf8');

describe("Electron's security checklist", () => {
  it('has twenty items', () => {
    expect(CHECKLIST.map(([item]) => Number.parseInt(item, 10))).toEqual(
      Array.from({ length: 20 }, (_, i) => i + 1),
    );
  });

  it.each(CHECKLIST)('%s: proven in %s', (_item, file, test) => {
    // In this file the list itself names the test too.
    expect(read(file)).toContain(file === HERE ? `it('${test}'` : test);
  });

  it('turns on nothing that is off for good reason', () => {
    const window = read('src-main/app/window.ts');
    expect(window).toMatch(/allowRunningInsecureContent: false/);
    expect(window).toMatch(/experimentalFeatures: false/);
    expect(window).not.toMatch(/enableBlinkFeatures|disableBlinkFeatures|additionalArguments/);
  });

  it('has no webview', () => {
    expect(read('src-main/app/window.ts')).toMatch(/webviewTag: false/);
    expect(read('src-main/app/security.ts')).toMatch(
      /'will-attach-webview', \(event\) => event\.preventDefault\(\)/,
    );
  });

  it('is built on a current Electron', () => {
    const { devDependencies } = JSON.parse(read('package.json')) as {
      devDependencies: Record<string, string>;
    };
    const major = Number(/\d+/.exec(devDependencies.electron ?? '')?.[0]);
    expect(major).toBeGreaterThanOrEqual(45);
  });
});
