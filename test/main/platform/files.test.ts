import fs from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import * as path from 'node:path';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { fileError, sha256, writeFileAtomic } from '#main/platform/files.ts';
import { temporaryFolder } from '#test/main/store/support/temporary-folder.ts';

afterEach(() => {
  vi.restoreAllMocks();
  syncBuiltinESMExports();
});

/** From the second write on, the disk has no room. */
function fillDisk(): void {
  const real = fs.writeSync.bind(fs) as (...all: unknown[]) => number;
  let writes = 0;
  vi.spyOn(fs, 'writeSync').mockImplementation(((...all: unknown[]) => {
    if (++writes > 1) throw Object.assign(new Error('ENOSPC: no space left on device'), { code: 'ENOSPC' });
    return real(...all);
  }) as typeof fs.writeSync);
  syncBuiltinESMExports();
}

describe('writing a file as a whole', () => {
  it('takes text, bytes and parts, and creates the folder', () => {
    const file = path.join(temporaryFolder(), 'a', 'b');
    writeFileAtomic(file, 'text');
    expect(fs.readFileSync(file, 'utf8')).toBe('text');
    writeFileAtomic(file, [Buffer.from('par'), Buffer.from('ts')]);
    expect(fs.readFileSync(file, 'utf8')).toBe('parts');
    expect(fs.readdirSync(path.dirname(file))).toEqual(['b']);
  });

  it('on a full disk is one clear error, keeps the old content and leaves nothing behind', () => {
    const folder = temporaryFolder();
    const file = path.join(folder, 'kept');
    writeFileAtomic(file, 'old');
    fillDisk();
    expect(() => writeFileAtomic(file, [Buffer.from('new '), Buffer.from('content')])).toThrow(
      expect.objectContaining({ code: 'io', message: `cannot write ${file}: the disk is full` }),
    );
    expect(fs.readFileSync(file, 'utf8')).toBe('old');
    expect(fs.readdirSync(folder)).toEqual(['kept']);
  });

  it.skipIf(!fs.existsSync('/dev/full'))(
    'recognises the word of a device that is full (needs /dev/full)',
    () => {
      let error: unknown;
      try {
        fs.writeFileSync('/dev/full', 'x');
      } catch (thrown) {
        error = thrown;
      }
      expect(fileError(error, 'cannot write')).toMatchObject({
        code: 'io',
        message: 'cannot write: the disk is full',
      });
    },
  );
});

it('a defect is not taken for an error of the file system', () => {
  const defect = new TypeError('x');
  expect(fileError(defect, 'doing')).toBe(defect);
});

it('SHA-256 of parts is that of the whole', () => {
  expect(sha256('a', Buffer.from('bc'))).toBe(
    'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad',
  );
});
