import { serveHost } from '#main/serve/index.ts';
import { openChromium } from './chromium.ts';
import { createFakeHost } from './fake-host.ts';
const host = createFakeHost({ taskTick: 10 });
const server = await serveHost(host, { staticFolder: '/tmp/out-b2/renderer' });
const steps = process.argv.slice(2);
const browser = await openChromium({ width: 1280, height: 800 });
const page = browser.context.pages()[0]!;
page.on('console', (m) => {
  if (m.type() === 'error' || m.type() === 'warning') console.log('CONSOLE', m.text());
});
page.on('pageerror', (e) => console.log('PAGEERROR', e.stack));
await page.goto(server.address);
await page.getByRole('heading', { level: 1 }).waitFor();
await page.evaluate(`location.hash='#/model'`);
await page.getByRole('heading', { level: 1, name: 'Model' }).waitFor();
await page.waitForTimeout(1500);
const shot = (name: string) => page.screenshot({ path: `/tmp/b2-${name}.png` });
const script = steps[0]!;
const { default: run } = await import(script);
try {
  await run(page, shot, host);
} catch (e) {
  console.log('FAILED', e);
  await shot('failed');
}
await browser.close();
await server.close();
await host.dispose();
