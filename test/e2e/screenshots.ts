import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import type { Page } from 'playwright-core';
import sharp from 'sharp';
import { createHost } from '#main/host.ts';
import { serveHost } from '#main/serve/index.ts';
import { openChromium } from '#test/support/chromium.ts';
import { endLive, fillDataFolder, startLive, type PictureData } from './fixtures/picture-data.ts';
import { FRESH_SCENES, LIVE_SCENES, SCENES, SIZES, THEMES, type Stage } from './fixtures/scenes.ts';

/**
 * Pictures of every page in both themes and two sizes, of what the product itself has trained, searched, exported and
 * verified for them: `npm run screenshots`. Options:
 *
 * `--out FOLDER` (default: docs/screenshots), `--data FOLDER` data folder to fill once and use again (default: a fresh
 * one), `--sets FOLDER` installed data sets to copy instead of downloading, `--only a,b` scenes whose names begin so.
 */
const option = (name: string) => {
  const at = process.argv.indexOf(`--${name}`);
  return at > 0 ? process.argv[at + 1] : undefined;
};
const out = path.resolve(option('out') ?? 'docs/screenshots');
const only = option('only')?.split(',');
const wanted = (name: string) => !only || only.some((prefix) => name.startsWith(prefix));
const scratch = fs.mkdtempSync(path.join(os.tmpdir(), 'bitsmith-pictures-'));
const staticFolder = process.env.BITSMITH_WINDOW;
const began = Date.now();
const failed: string[] = [];
let bytes = 0;

const FORGET = `for (const key of Object.keys(localStorage)) if (key !== 'bitsmith-theme') localStorage.removeItem(key)`;

fs.mkdirSync(out, { recursive: true });
try {
  await onHost(path.join(scratch, 'fresh'), async (stage) => takeAll(FRESH_SCENES, stage));
  const dataFolder = path.resolve(option('data') ?? path.join(scratch, 'bitsmith'));
  await onHost(dataFolder, async (stage, host) => {
    stage.data = await fillDataFolder(host, option('sets'));
    await takeAll(SCENES, stage);
    if (!Object.keys(LIVE_SCENES).some(wanted)) return;
    stage.data.live = await startLive(host);
    await takeAll(LIVE_SCENES, stage);
    await endLive(host, stage.data.live);
  });
} finally {
  fs.rmSync(scratch, { recursive: true, force: true, maxRetries: 5 });
}
console.log(`${(bytes / 1e6).toFixed(1)} MB in ${Math.round((Date.now() - began) / 1000)} s`);
if (failed.length > 0) {
  console.error(failed.join('\n'));
  process.exitCode = 1;
}

type RealHost = Awaited<ReturnType<typeof createHost>>;

async function onHost(
  dataFolder: string,
  work: (stage: Stage, host: RealHost) => Promise<void>,
): Promise<void> {
  const host = await createHost({ dataFolder, shell: 'browser' });
  const server = await serveHost(host, staticFolder ? { staticFolder } : {});
  const browser = await openChromium();
  try {
    const page = browser.context.pages()[0] ?? (await browser.context.newPage());
    await page.goto(server.address);
    await page.getByRole('heading', { level: 1 }).waitFor();
    const origin = new URL(page.url()).origin;
    const open = async (route: string) => {
      // Nothing of the scene before is left: no dialog, no selection, no scrolling, no way to look at it.
      await page.evaluate(FORGET);
      await page.goto('about:blank');
      await page.goto(`${origin}/#${route}`);
      await page.getByRole('heading', { level: 1 }).waitFor();
    };
    const data: PictureData = { demo: '', search: '', bundle: '', pictures: '' };
    await work({ page, data, open }, host);
  } finally {
    await browser.close();
    await server.close();
    await host.dispose();
  }
}

async function takeAll(scenes: Record<string, (stage: Stage) => Promise<void>>, stage: Stage): Promise<void> {
  for (const [name, prepare] of Object.entries(scenes)) {
    if (!wanted(name)) continue;
    await stage.page.setViewportSize(SIZES[0]);
    try {
      await prepare(stage);
      await take(name, stage.page);
    } catch (error) {
      failed.push(`${name}: ${error instanceof Error ? error.message.split('\n')[0] : String(error)}`);
    }
  }
}

async function take(name: string, page: Page): Promise<void> {
  for (const size of SIZES) {
    await page.setViewportSize(size);
    for (const theme of THEMES) {
      await page.emulateMedia({ colorScheme: theme });
      const picture = await atRest(page);
      // Few colours are on the screen: a palette keeps them, and a tenth of the bytes.
      const small = await sharp(picture).png({ palette: true, quality: 92, effort: 7 }).toBuffer();
      bytes += small.length;
      fs.writeFileSync(path.join(out, `${name}-${theme}${size.suffix}.png`), small);
    }
  }
}

/** The page once nothing on it moves: two looks at it are the same. What never rests is taken as it is then. */
async function atRest(page: Page): Promise<Buffer> {
  await page.evaluate('document.fonts.ready');
  let last = await page.screenshot({ animations: 'disabled', caret: 'hide' });
  for (let look = 0; look < 8; look++) {
    await page.waitForTimeout(150);
    const next = await page.screenshot({ animations: 'disabled', caret: 'hide' });
    if (next.equals(last)) return next;
    last = next;
  }
  return last;
}
