import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import * as path from 'node:path';
import { chromium, type BrowserContext } from 'playwright-core';

const NAMES = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];

/** The browser of this computer, or undefined: tests that need one are then skipped by name. */
export function findChromium(): string | undefined {
  const given = process.env.BITSMITH_CHROMIUM;
  if (given) return existsSync(given) ? given : undefined;
  const folders = (process.env.PATH ?? '').split(path.delimiter);
  return folders
    .flatMap((folder) => NAMES.map((name) => path.join(folder, name)))
    .find((file) => existsSync(file));
}

export interface Browser {
  context: BrowserContext;
  close(): Promise<void>;
}

/** A headless browser with a fresh profile that talks to nobody by itself. */
export async function openChromium(
  size: { width: number; height: number } = { width: 1280, height: 800 },
  scale = 1,
): Promise<Browser> {
  const executablePath = findChromium();
  if (!executablePath) throw new Error('no Chromium on this computer: set BITSMITH_CHROMIUM to its path');
  const profile = mkdtempSync(path.join(tmpdir(), 'bitsmith-chromium-'));
  const context = await chromium.launchPersistentContext(profile, {
    executablePath,
    headless: true,
    viewport: size,
    deviceScaleFactor: scale,
    locale: 'en-GB',
    timezoneId: 'UTC',
    chromiumSandbox: false,
    args: [
      '--headless',
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  });
  return {
    context,
    close: async () => {
      await context.close();
      rmSync(profile, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}
