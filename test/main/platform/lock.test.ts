import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import * as fs from 'node:fs';
import * as path from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { prepareDataFolder, type DataFolder } from '#main/platform/data-folder.ts';
import { acquireLock, tryLock } from '#main/platform/lock.ts';
import { temporaryDataFolder } from '#test/main/store/support/temporary-folder.ts';

async function otherHost(folder: DataFolder): Promise<ChildProcess> {
  const child = fork(path.join(import.meta.dirname, 'hold-lock.ts'), [folder.root], { execArgv: [] });
  onTestFinished(() => void child.kill('SIGKILL'));
  const [message] = (await once(child, 'message')) as [unknown];
  expect(message).toBe('held');
  return child;
}

describe('the lock on a data folder', () => {
  it('is refused to a second process, naming the folder, the holder and what to do', async () => {
    const folder = temporaryDataFolder();
    const child = await otherHost(folder);
    expect(() => acquireLock(folder)).toThrow(
      expect.objectContaining({
        code: 'busy',
        message: expect.stringMatching(
          new RegExp(`${folder.root} is in use by .*process ${child.pid}.*--data-dir`),
        ),
      }),
    );
    expect(tryLock(folder)).toBeNull();
  });

  it('is free again once the holder lets go', async () => {
    const folder = temporaryDataFolder();
    const child = await otherHost(folder);
    child.send('go');
    await once(child, 'exit');
    expect(fs.existsSync(path.join(folder.root, 'host.json'))).toBe(false);
    acquireLock(folder).release();
  });

  it('is free again when the holder was killed', async () => {
    const folder = temporaryDataFolder();
    const child = await otherHost(folder);
    child.kill('SIGKILL');
    await once(child, 'exit');
    const lock = acquireLock(folder);
    expect(JSON.parse(fs.readFileSync(path.join(folder.root, 'host.json'), 'utf8'))).toMatchObject({
      pid: process.pid,
    });
    lock.release();
  });

  it('is refused a second time within one process too', () => {
    const folder = prepareDataFolder(temporaryDataFolder());
    const lock = acquireLock(folder);
    expect(tryLock(folder)).toBeNull();
    lock.release();
    lock.release();
    const again = tryLock(folder);
    expect(again).not.toBeNull();
    again?.release();
  });
});
