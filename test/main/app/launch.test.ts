import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import * as path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { newestChange } from '#main/app/newest-change.ts';

describe('npm start without Electron’s program', () => {
  it('says what to do and ends with status 2', () => {
    const { status, stderr } = spawnSync(process.execPath, ['src-main/app/launch.ts'], {
      encoding: 'utf8',
      env: { ...process.env, ELECTRON_OVERRIDE_DIST_PATH: path.join(tmpdir(), 'there-is-no-electron-here') },
    });
    expect(status).toBe(2);
    expect(stderr).toContain('npx install-electron');
    expect(stderr).toContain('npm run bitsmith -- serve');
  });
});

describe('newestChange', () => {
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(path.join(tmpdir(), 'bitsmith-change-'));
    mkdirSync(path.join(folder, 'deep'));
    for (const [name, seconds] of [
      ['a', 1000],
      ['deep/b', 3000],
      ['deep/c', 2000],
    ] as const) {
      writeFileSync(path.join(folder, name), '');
      utimesSync(path.join(folder, name), seconds, seconds);
    }
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it('looks into folders', () => {
    expect(newestChange([folder], 'newest')).toBe(3_000_000);
    expect(newestChange([folder], 'oldest')).toBe(1_000_000);
  });
  it('is null as soon as one place is missing', () => {
    expect(newestChange([folder, path.join(folder, 'nothing')], 'newest')).toBeNull();
  });
});
