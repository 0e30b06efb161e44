import * as fs from 'node:fs';
import * as path from 'node:path';
import { describe, expect, it } from 'vitest';
import { defaultDataFolder, prepareDataFolder, resolveDataFolder } from '#main/platform/data-folder.ts';
import { temporaryFolder } from '#test/main/store/support/temporary-folder.ts';

const around = (platform: NodeJS.Platform, env: NodeJS.ProcessEnv, home: string) => ({ platform, env, home });

describe('the default data folder', () => {
  it('follows the custom of each system', () => {
    expect(defaultDataFolder(around('linux', {}, '/home/a'))).toBe('/home/a/.local/share/bitsmith');
    expect(defaultDataFolder(around('linux', { XDG_DATA_HOME: '/x' }, '/home/a'))).toBe('/x/bitsmith');
    expect(defaultDataFolder(around('darwin', {}, '/Users/a'))).toBe(
      '/Users/a/Library/Application Support/Bitsmith',
    );
    expect(defaultDataFolder(around('win32', { APPDATA: 'C:\\A' }, 'C:\\U'))).toBe('C:\\A\\Bitsmith');
    expect(defaultDataFolder(around('win32', {}, 'C:\\U'))).toBe('C:\\U\\AppData\\Roaming\\Bitsmith');
  });

  it('ignores a relative XDG_DATA_HOME, as the XDG rule asks', () => {
    expect(defaultDataFolder(around('linux', { XDG_DATA_HOME: 'x' }, '/h'))).toBe('/h/.local/share/bitsmith');
  });
});

describe('the data folder in use', () => {
  const linux = around('linux', { BITSMITH_DATA_DIR: '/from/env' }, '/h');

  it('is the argument, else BITSMITH_DATA_DIR, else the default', () => {
    expect(resolveDataFolder('/given', linux).root).toBe('/given');
    expect(resolveDataFolder(undefined, linux).root).toBe('/from/env');
    expect(resolveDataFolder(undefined, around('linux', {}, '/h')).root).toBe('/h/.local/share/bitsmith');
  });

  it('is created with everything in it', () => {
    const folder = prepareDataFolder(resolveDataFolder(path.join(temporaryFolder(), 'a', 'b')));
    expect(fs.readdirSync(folder.root).sort()).toEqual(['bundles', 'datasets', 'logs', 'runs']);
  });

  it('is refused with one sentence when it is a file', () => {
    const file = path.join(temporaryFolder(), 'file');
    fs.writeFileSync(file, 'mine');
    expect(() => prepareDataFolder(resolveDataFolder(file))).toThrow(
      expect.objectContaining({
        code: 'invalid-input',
        message: expect.stringContaining(`the data folder ${file} is a file, not a folder`),
      }),
    );
    expect(() => prepareDataFolder(resolveDataFolder(path.join(file, 'inside')))).toThrow(
      /is a file, not a folder/,
    );
    expect(fs.readFileSync(file, 'utf8')).toBe('mine');
  });

  it.skipIf(process.getuid?.() === 0 || process.platform === 'win32')(
    'is refused when it cannot be written (skipped for root, whom permissions do not stop)',
    () => {
      const root = temporaryFolder();
      fs.chmodSync(root, 0o500);
      expect(() => prepareDataFolder(resolveDataFolder(root))).toThrow(
        expect.objectContaining({
          code: 'io',
          message: expect.stringMatching(/cannot be written: permission denied; choose/),
        }),
      );
    },
  );
});
