import { expect, it } from 'vitest';
import { diagnosticsText, withoutHome } from '#renderer/pages/settings/diagnostics-text.ts';
import { FAKE_DEVICES } from '#test/support/fake-catalogue.ts';
import { FAKE_DIAGNOSTICS } from '#test/support/fake-machine.ts';

it.each([
  ['/home/ada/x.db and /Users/bob/y', '~/x.db and ~/y'],
  ['C:\\Users\\Eve\\data', '~\\data'],
  ['/var/home-made', '/var/home-made'],
])('%s becomes %s', (text, short) => expect(withoutHome(text)).toBe(short));

it('names version, devices with their reasons, programs and the log, and no person', () => {
  const info = {
    version: '1.2.3',
    dataFolder: '/home/ada/data',
    platform: 'linux x64',
    node: 'v24.0.0',
    shell: 'browser',
  };
  const text = diagnosticsText(info, FAKE_DEVICES, FAKE_DIAGNOSTICS, 'Chromium');
  for (const { id, available, reason } of FAKE_DEVICES) {
    expect(text).toContain(`  ${id}: `);
    if (!available) expect(text).toContain(reason);
  }
  expect(text).toContain('Bitsmith 1.2.3, browser');
  expect(text).toContain('clang: not found');
  expect(text).toContain('gcc: 12.2.0, /usr/bin/gcc');
  expect(text).toContain('epoch 1 of 5 done');
  expect(text).not.toContain('ada');
});
