import { spawn } from 'node:child_process';
import { copyFileSync, existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import * as path from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CHANNELS } from '#main/ipc/channels.ts';
import { findChromium, openChromium, type Browser } from '#test/support/chromium.ts';
import { cornersConfig, cornersDataFolder, type TestDataFolder } from '#test/support/data-folder.ts';
import { startStandIn, type MenuItem, type StandIn } from '#test/support/electron-stand-in.ts';

const bundle = path.resolve('out/main/electron.js');
const missing = !findChromium()
  ? ' (skipped: no Chromium; apt install chromium)'
  : !existsSync(bundle)
    ? ' (skipped: the application is not built; npm run build)'
    : '';

describe.skipIf(missing)(
  `the built Electron application on a stand-in for Electron's runtime${missing}`,
  () => {
    let data: TestDataFolder;
    let userData: string;
    let browser: Browser;
    let electron: StandIn;
    let page: Page;
    const problems: string[] = [];

    beforeAll(async () => {
      data = await cornersDataFolder();
      userData = mkdtempSync(path.join(tmpdir(), 'bitsmith-user-data-'));
      browser = await openChromium();
      browser.context.on('page', (opened) => {
        opened.on('pageerror', (error) => problems.push(String(error)));
        opened.on('console', (message) => {
          if (message.type() === 'error') problems.push(message.text());
        });
      });
      electron = await startStandIn(bundle, {
        context: browser.context,
        switches: { 'data-dir': data.root },
        userData,
      });
      expect(electron.errorBoxes).toEqual([]);
      page = electron.windows[0]?.page as Page;
      await page.getByRole('heading', { level: 1, name: 'Home' }).waitFor();
    });
    afterAll(async () => {
      await browser?.close();
      data?.remove();
      rmSync(userData, { recursive: true, force: true });
    });

    const exposed = () =>
      page.evaluate<string[]>(
        'Object.entries(window.bitsmith).map(([name, value]) => name + ": " + typeof value).sort()',
      );

    it('asks for the sandbox, the lock and its own scheme before it is ready', () => {
      const before = electron.calls.slice(0, electron.calls.indexOf('app ready'));
      expect(before).toContain('app.requestSingleInstanceLock');
      expect(before).toContain('app.enableSandbox');
      const scheme = before.find((call) => call.startsWith('protocol.')) ?? '';
      expect(scheme).toContain('"standard":true');
      expect(scheme).toContain('"secure":true');
      expect(scheme).not.toMatch(/bypassCSP|allowServiceWorkers|corsEnabled/);
    });

    it('opens one window: sandboxed, isolated, without Node, with web security', () => {
      expect(electron.windows).toHaveLength(1);
      expect(electron.windows[0]?.options.webPreferences).toMatchObject({
        sandbox: true,
        contextIsolation: true,
        nodeIntegration: false,
        nodeIntegrationInWorker: false,
        nodeIntegrationInSubFrames: false,
        webSecurity: true,
        allowRunningInsecureContent: false,
        experimentalFeatures: false,
        webviewTag: false,
      });
      expect(electron.windows[0]?.options.webPreferences).not.toHaveProperty('enableBlinkFeatures');
    });

    it('gives the page seven narrow functions, and nothing of Electron or Node', async () => {
      const names = ['choosePath', 'onCommand', 'onReply', 'pathOf', 'reveal', 'send', 'setTheme'];
      expect(await exposed()).toEqual(names.map((name) => `${name}: function`));
      for (const name of ['require', 'process', 'ipcRenderer', 'Buffer', 'module']) {
        expect(await page.evaluate(`typeof ${name}`), name).toBe('undefined');
      }
      // A listener gets the message alone: Electron's event would hand over the sender.
      const values = await page.evaluate<number>(`new Promise((resolve) => {
      const stop = bitsmith.onReply((...values) => { stop(); resolve(values.length); });
      bitsmith.send({ type: 'request', id: 900001, method: 'app.info', input: {} });
    })`);
      expect(values).toBe(1);
    });

    it('delivers the page with a policy that Chromium enforces', async () => {
      const response = await electron.protocolHandler('app')(new Request('app://bitsmith/index.html'));
      const policy = response.headers.get('content-security-policy') ?? '';
      expect(policy).toContain("script-src 'self'");
      expect(policy).not.toMatch(/unsafe-eval|script-src[^;]*unsafe-inline/);
      expect(response.headers.get('x-content-type-options')).toBe('nosniff');
      // Not `eval` itself: what the debugger runs is exempt, what the page runs later is not.
      await page.evaluate(`(() => {
      const script = document.createElement('script');
      script.textContent = 'window.ranInline = true';
      document.head.append(script);
      setTimeout('window.ranText = true', 0);
    })()`);
      const refused = () => problems.filter((problem) => /Content Security Policy/.test(problem)).length;
      await expect.poll(refused).toBe(2);
      expect(await page.evaluate('[window.ranInline, window.ranText]')).toEqual([undefined, undefined]);
      problems.splice(0);
    });

    it.each([
      ['app://bitsmith/%2e%2e/%2e%2e/package.json', 404],
      ['app://bitsmith/..%2f..%2fpackage.json', 404],
      ['app://bitsmith/../main/electron.js', 404],
      ['app://bitsmith/nothing.js', 404],
      ['app://elsewhere/index.html', 403],
      ['app://bitsmith/index.html', 200],
    ])('answers %s with %i', async (address, status) => {
      expect((await electron.protocolHandler('app')(new Request(address))).status).toBe(status);
    });

    it('stays on its own page, and hands only known sites to the browser', async () => {
      const own = page.url();
      for (const address of ['https://evil.example/', 'https://arxiv.org/abs/1605.04711']) {
        await page.evaluate(`location.href = ${JSON.stringify(address)}`).catch(() => undefined);
        await page.waitForTimeout(200);
        expect(page.url()).toBe(own);
      }
      await page.evaluate('window.open("https://evil.example/popup")');
      await page.evaluate('window.open("https://doi.org/10.1145/2063384.2063405")');
      await page.evaluate('window.open("file:///etc/passwd")');
      await expect
        .poll(() => electron.openedOutside)
        .toEqual(['https://arxiv.org/abs/1605.04711', 'https://doi.org/10.1145/2063384.2063405']);
      expect(electron.windows).toHaveLength(1);
      expect(browser.context.pages().filter((one) => one.url().includes('evil'))).toEqual([]);
      problems.splice(0);
    });

    it('answers no other sender: another site, a frame inside the page, a page that is gone', async () => {
      const request = { type: 'request', id: 1, method: 'run.list', input: {} };
      const ours = { url: 'app://bitsmith/index.html', parent: null };
      expect(await electron.sendAs(ours, CHANNELS.request, request)).toHaveLength(1);
      const strangers = [
        { url: 'https://evil.example/', parent: null },
        { url: 'app://evil/index.html', parent: null },
        { url: 'about:blank', parent: null },
        { url: 'app://bitsmith/index.html', parent: ours },
        null,
      ];
      for (const stranger of strangers) {
        expect(await electron.sendAs(stranger, CHANNELS.request, request)).toEqual([]);
        await expect(electron.invokeAs(stranger, CHANNELS.choosePath, 'file', 'x')).rejects.toThrow(
          'may not call',
        );
        await expect((async () => electron.invokeAs(stranger, CHANNELS.reveal, data.root))()).rejects.toThrow(
          'may not call',
        );
        await electron.sendAs(stranger, CHANNELS.theme, 'dark');
      }
      expect(electron.revealed).toEqual([]);
      expect(electron.nativeTheme.themeSource).not.toBe('dark');
    });

    it('refuses every permission but copying text', () => {
      const { request, check, device } = electron.permissions;
      const contents = (url: string) => ({ getURL: () => url });
      const asked = (permission: string, url: string) => {
        let granted: unknown;
        request?.(contents(url), permission, (answer: unknown) => (granted = answer));
        expect(check?.(contents(url), permission), permission).toBe(granted);
        return granted;
      };
      for (const permission of [
        'media',
        'geolocation',
        'notifications',
        'hid',
        'usb',
        'openExternal',
        'fullscreen',
      ]) {
        expect(asked(permission, 'app://bitsmith/'), permission).toBe(false);
      }
      expect(asked('clipboard-sanitized-write', 'app://bitsmith/')).toBe(true);
      expect(asked('clipboard-sanitized-write', 'https://evil.example/')).toBe(false);
      expect(check?.(null, 'clipboard-sanitized-write')).toBe(false);
      expect(device?.({})).toBe(false);
    });

    it('shows folders only that belong to it or were chosen', async () => {
      const reveal = (file: string) => page.evaluate(`bitsmith.reveal(${JSON.stringify(file)})`);
      await reveal(path.join(data.root, 'bundles'));
      await expect(reveal('/etc/passwd')).rejects.toThrow('only the data folder');
      electron.folderChoices.push('/home/ada/firmware');
      expect(await page.evaluate('bitsmith.choosePath("folder", "Where")')).toBe('/home/ada/firmware');
      await reveal('/home/ada/firmware/b1');
      expect(electron.revealed).toEqual([path.join(data.root, 'bundles'), '/home/ada/firmware/b1']);
      expect(await page.evaluate('bitsmith.choosePath("file", "Which")')).toBeNull();
      await expect(page.evaluate('bitsmith.choosePath("disk", "x")')).rejects.toThrow('a file or a folder');
    });

    it('has a menu whose commands the window carries out, and tells Electron the theme', async () => {
      const items = (menu: MenuItem[]): MenuItem[] =>
        menu.flatMap((item) => [item, ...items(item.submenu ?? [])]);
      const press = (label: string) =>
        items(electron.menu)
          .find((item) => item.label === label)
          ?.click?.();
      press('Runs');
      await page.getByRole('heading', { level: 1, name: 'Runs' }).waitFor();
      press('Find and Commands');
      await page.getByPlaceholder('Go to a page or a run').waitFor();
      await page.keyboard.press('Escape');
      press('Dark Theme');
      await expect.poll(() => electron.nativeTheme.themeSource).toBe('dark');
      press('Theme of the System');
      await expect.poll(() => electron.nativeTheme.themeSource).toBe('system');
      press('Home');
      await page.getByRole('heading', { level: 1, name: 'Home' }).waitFor();
    });

    it('trains in a process of its own, watched through the real preload', async () => {
      await page.getByText('results and gradients agree').first().waitFor({ timeout: 60_000 });
      const config = JSON.stringify(cornersConfig({ epochs: 3 }));
      await page.evaluate(
        `bitsmith.send({ type: 'request', id: 900002, method: 'run.start', input: { config: ${config} } })`,
      );
      const region = page.getByRole('region', { name: 'Recent runs' });
      await region.getByText('Finished').waitFor({ timeout: 60_000 });
      await region
        .getByRole('link', { name: /corners/ })
        .first()
        .click();
      await page.getByRole('img', { name: /^Accuracy\. Training: last/ }).waitFor();
      await page.getByRole('tab', { name: 'Log' }).click();
      await page
        .getByRole('log')
        .getByText(/epoch|truth probe/)
        .first()
        .waitFor();
    });

    it('comes to the front when it is started a second time', () => {
      electron.secondInstance();
      expect(electron.windows[0]?.focused).toBe(1);
    });

    it('asked the network for nothing, and left no error in the console', () => {
      expect(electron.foreignRequests).toEqual([]);
      expect(problems).toEqual([]);
    });

    it('asks before it ends a training, pauses it with a checkpoint, and lets the data folder go', async () => {
      const config = JSON.stringify(cornersConfig({ epochs: 400, checkpointEvery: 400 }));
      await page.evaluate(
        `bitsmith.send({ type: 'request', id: 900003, method: 'run.start', input: { config: ${config} } })`,
      );
      await page.getByRole('link', { name: 'Home' }).click();
      const running = page.getByRole('region', { name: 'Recent runs' }).getByText('Running');
      await running.waitFor({ timeout: 60_000 });
      await expect.poll(() => electron.blockers.size, { timeout: 10_000 }).toBe(1);
      expect(electron.taskbar).toBeGreaterThanOrEqual(0);
      electron.messageChoices.push(1);
      const first = electron.quit();
      await expect.poll(() => electron.messageChoices.length).toBe(0);
      await running.waitFor();
      electron.messageChoices.push(0);
      await electron.quit();
      await first;
      const { createHost } = await import('#main/host.ts');
      const again = await createHost({ dataFolder: data.root, shell: 'browser' });
      const paused = (await again.services.run.list({})).find((run) => run.status === 'paused');
      expect(paused?.stepsDone).toBeGreaterThan(0);
      const detail = await again.services.run.get({ run: paused?.id ?? '' });
      expect(detail.checkpoints.some((checkpoint) => checkpoint.kind === 'pause')).toBe(true);
      await again.dispose();
      expect(await electron.ended).toBe(0);
      expect(electron.blockers.size).toBe(0);
    });
  },
);

describe.skipIf(missing)(
  `the built Electron application on a data folder that another host holds${missing}`,
  () => {
    it('says so in a box and ends with status 2', async () => {
      const data = await cornersDataFolder();
      const userData = mkdtempSync(path.join(tmpdir(), 'bitsmith-user-data-'));
      const holder = spawn(process.execPath, ['src-main/cli/main.ts', 'serve', '--data-dir', data.root]);
      await new Promise((resolve) => holder.stdout.once('data', resolve));
      const browser = await openChromium();
      // A copy, because a module is loaded once: the same bytes under another name.
      const copy = path.resolve(`out/main/electron-${process.pid}.js`);

      copyFileSync(bundle, copy);
      try {
        const electron = await startStandIn(copy, {
          context: browser.context,
          switches: { 'data-dir': data.root },
          userData,
        });
        expect(await electron.ended).toBe(2);
        expect(electron.errorBoxes.join()).toMatch(/Bitsmith cannot start.*(host|held|used|another)/is);
        expect(electron.windows).toEqual([]);
      } finally {
        rmSync(copy);
        await browser.close();
        holder.kill();
        await new Promise((resolve) => holder.once('exit', resolve));
        data.remove();
        rmSync(userData, { recursive: true, force: true });
      }
    });
  },
);

describe.skipIf(missing)(`the built preload${missing}`, () => {
  it('is one file that requires Electron only', () => {
    const text = readFileSync(path.resolve('out/preload/preload.cjs'), 'utf8');
    const required = [...text.matchAll(/require\(["'`](.+?)["'`]\)/g)].map((match) => match[1]);
    expect(new Set(required)).toEqual(new Set(['electron']));
    expect(text).not.toMatch(/^\s*(import|export)\s/m);
  });
});
