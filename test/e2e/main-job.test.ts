import { existsSync } from 'node:fs';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createHost, type Host } from '#main/host.ts';
import { serveHost } from '#main/serve/index.ts';
import type { RunningServer } from '#main/serve/server.ts';
import { findChromium, openChromium, type Browser } from '#test/support/chromium.ts';
import { cornersConfig, cornersDataFolder, type TestDataFolder } from '#test/support/data-folder.ts';

/** The window on a real host: a real run is watched, paused, resumed and exported in headless Chromium. */

const missing = !findChromium()
  ? ' (skipped: no Chromium; apt install chromium)'
  : !existsSync('out/renderer/index.html')
    ? ' (skipped: the window is not built; npm run build)'
    : '';

describe.skipIf(missing)(`the main job in the window${missing}`, () => {
  let data: TestDataFolder;
  let host: Host;
  let server: RunningServer;
  let browser: Browser;
  let page: Page;
  const problems: string[] = [];

  beforeAll(async () => {
    data = await cornersDataFolder();
    host = await createHost({ dataFolder: data.root, shell: 'browser' });
    server = await serveHost(host);
    browser = await openChromium();
    page = browser.context.pages()[0] ?? (await browser.context.newPage());
    page.on('pageerror', (error) => problems.push(String(error)));
    page.on('console', (message) => {
      if (message.type() === 'error') problems.push(message.text());
    });
    await page.goto(server.address);
  });
  afterAll(async () => {
    await browser.close();
    await server.close();
    await host.dispose();
    data.remove();
  });

  it('shows on Home what was found here, without a token in the address', async () => {
    await page.getByText('WebAssembly (processor)').waitFor();
    await page
      .getByText(/results and gradients agree/)
      .first()
      .waitFor();
    expect(page.url()).not.toMatch(/token/);
  });

  it('follows a run live, pauses it, and resumes it to its end', async () => {
    const { id } = await host.services.run.start({
      config: cornersConfig({ epochs: 150, checkpointEvery: 25 }),
    });
    await page.goto(`${new URL(page.url()).origin}/#/runs`);
    await page.locator('[data-row]').getByRole('link', { name: 'corners' }).first().click();
    const controls = page.getByRole('group', { name: 'Controls of the run' });
    await controls.getByRole('button', { name: 'Pause' }).click();
    await controls.getByRole('button', { name: 'Resume' }).waitFor({ timeout: 60_000 });
    const paused = await host.services.run.get({ run: id });
    expect(paused.summary.status).toBe('paused');
    expect(paused.summary.stepsDone).toBeLessThan(paused.summary.stepsTotal);
    await controls.getByRole('button', { name: 'Resume' }).click();
    // The click has to reach the host first: until then the run has ended, as paused.
    await expect
      .poll(async () => (await host.services.run.get({ run: id })).summary.status, { timeout: 30_000 })
      .not.toBe('paused');
    expect((await host.services.run.whenEnded(id)).status).toBe('finished');
    await page.getByText('Finished').first().waitFor();
    await page.getByRole('img', { name: /^Accuracy/ }).waitFor();
    await page.getByRole('tab', { name: 'Layers' }).click();
    await page.getByRole('img', { name: /^Zero fraction/ }).waitFor();
  });

  it('refuses to export a network that cannot be lowered, and says which layer and why', async () => {
    const quantization = { activations: { method: 'full-precision' } };
    const config = { ...cornersConfig({ epochs: 1 }), name: 'floats', quantization };
    const { id } = await host.services.run.start({ config });
    await host.services.run.whenEnded(id);
    await page.goto(`${new URL(page.url()).origin}/#/export?run=${id}`);
    await page.getByRole('button', { name: 'Write the bundle' }).click();
    await page
      .getByText(/layer act1 cannot be lowered/)
      .first()
      .waitFor();
    expect(await host.services.export.list({})).toEqual([]);
  });

  it('exports the run, whose residual addition is of unequal scales', async () => {
    const [run] = (await host.services.run.list({})).filter(({ name }) => name === 'corners');
    await page.goto(`${new URL(page.url()).origin}/#/export?run=${run?.id ?? ''}`);
    await page.getByRole('button', { name: 'Write the bundle' }).click();
    await expect
      .poll(async () => (await host.services.export.list({})).map((bundle) => bundle.run), {
        timeout: 60_000,
      })
      .toEqual([run?.id]);
  });

  it('leaves no error in the console', () => {
    expect(problems).toEqual([]);
  });
});
