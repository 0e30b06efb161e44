import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { withVerification } from '#shared/export/report/build-report.ts';
import { compareReports } from '#shared/export/report/compare.ts';
import { comparisonPage } from '#shared/export/report/comparison-page.ts';
import { reportPage } from '#shared/export/report/page.ts';
import { findChromium, openChromium, type Browser } from '#test/support/chromium.ts';
import { SAMPLE_SIZES, sampleReport } from '#test/support/sample-report.ts';
import { violationsOf } from './fixtures/axe.ts';

const noBrowser = findChromium() === undefined;
const hostile = '<script>document.title="taken"</script><img src=x onerror="document.title=1">';

const row = {
  core: 'cortex-m4',
  runner: 'arm-none-eabi-gcc, qemu',
  ran: true,
  reason: null,
  matched: 100,
  total: 100,
  accuracy: 0.99,
  instructionsPerInference: 1000,
  layers: [
    { id: 'act', instructions: 700 },
    { id: 'dense', instructions: 300 },
  ],
};
const verified = withVerification(sampleReport(), { passed: true, rows: [row] });
const planned = sampleReport({ options: { note: hostile } }, null);
const { provenance } = verified;
const larger = sampleReport(
  { name: hostile, options: { note: hostile }, provenance: { ...provenance, seed: 7 } },
  { ...SAMPLE_SIZES, flashBytes: 420 },
);
const pages = {
  'a verified bundle': reportPage(verified),
  'a planned bundle with markup in its texts': reportPage(planned),
  'two bundles': comparisonPage(compareReports(verified, larger)),
};

describe.skipIf(noBrowser)(
  `pages of reports${noBrowser ? ' (skipped: no Chromium; set BITSMITH_CHROMIUM)' : ''}`,
  () => {
    const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'bitsmith-pages-'));
    let browser: Browser;
    let page: Page;
    const requests: string[] = [];
    beforeAll(async () => {
      browser = await openChromium();
      page = await browser.context.newPage();
      page.on('request', (request) => requests.push(request.url()));
    });
    afterAll(async () => {
      await browser?.close();
      fs.rmSync(folder, { recursive: true, force: true });
    });

    for (const [name, content] of Object.entries(pages)) {
      it.each(['light', 'dark'] as const)(`${name}: accessible, in %s`, async (colorScheme) => {
        const file = path.join(folder, 'page.html');
        fs.writeFileSync(file, content);
        requests.length = 0;
        await page.emulateMedia({ colorScheme });
        await page.goto(pathToFileURL(file).href);
        expect(await violationsOf(page)).toEqual([]);
        // Nothing but the page itself is fetched, no text of a bundle becomes markup, and nothing runs.
        expect(requests).toEqual([pathToFileURL(file).href]);
        expect(await page.title()).not.toBe('taken');
        expect(await page.locator('main img, main script').count()).toBe(0);
        const background = await page.evaluate('getComputedStyle(document.body).backgroundColor');
        expect(background).toBe(colorScheme === 'light' ? 'rgb(255, 255, 255)' : 'rgb(15, 20, 25)');
      });
    }

    it('fits a narrow window: tables scroll by themselves', async () => {
      const file = path.join(folder, 'narrow.html');
      fs.writeFileSync(file, pages['a verified bundle']);
      await page.setViewportSize({ width: 360, height: 800 });
      await page.goto(pathToFileURL(file).href);
      const [wide, seen] = (await page.evaluate(
        '[document.documentElement.scrollWidth, document.documentElement.clientWidth]',
      )) as [number, number];
      expect(wide).toBeLessThanOrEqual(seen);
    });
  },
);
