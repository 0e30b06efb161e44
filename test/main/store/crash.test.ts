import { spawn } from 'node:child_process';
import { once } from 'node:events';
import * as fs from 'node:fs';
import * as path from 'node:path';
import { describe, expect, it } from 'vitest';
import { openStore } from '#main/store/index.ts';
import { openSql } from '#main/store/sql.ts';
import type { DataFolder } from '#main/platform/data-folder.ts';
import { newRun } from './support/new-run.ts';
import { temporaryDataFolder } from './support/temporary-folder.ts';

/** A data folder whose host was killed in the middle of a transaction. */
async function killedHost(): Promise<DataFolder> {
  const dataFolder = temporaryDataFolder();
  const child = spawn(
    process.execPath,
    [path.join(import.meta.dirname, 'write-until-killed.ts'), dataFolder.root],
    {
      stdio: ['ignore', 'pipe', 'inherit'],
    },
  );
  const exit = once(child, 'exit');
  for await (const chunk of child.stdout) {
    if (String(chunk).includes('12\n')) child.kill('SIGKILL');
  }
  expect(await exit).toEqual([null, 'SIGKILL']);
  return dataFolder;
}

describe('a store whose host was killed in the middle of a transaction', () => {
  it('opens consistent: what was committed is there, what was not is not', async () => {
    const dataFolder = await killedHost();
    expect(fs.statSync(`${dataFolder.database}-wal`).size).toBeGreaterThan(1_000_000);
    fs.mkdirSync(path.join(dataFolder.runs, '.deleted-x'));

    const store = openStore({ dataFolder, mode: 'write', clock: () => 0 });
    expect(store.series.read('running')[0]?.step).toHaveLength(20_000);
    expect(store.runs.get('running')).toMatchObject({
      notes: '',
      status: 'crashed',
      reason: expect.stringContaining('Bitsmith ended without closing while the run was going'),
      endedAt: '1970-01-01T00:00:00.000Z',
    });
    expect(store.runs.get('waiting')).toMatchObject({
      status: 'crashed',
      reason: expect.stringContaining('was waiting'),
    });
    expect(store.runs.get('paused').status).toBe('paused');
    expect(store.events.read('running')).toMatchObject([
      { level: 'error', message: expect.stringContaining('resume it') },
    ]);
    expect(store.events.read('paused')).toEqual([]);
    expect(store.runs.setStatus('running', 'queued', { at: '' }).status).toBe('queued');
    expect(fs.readdirSync(dataFolder.runs)).toEqual([]);
    store.close();
  });

  it('shows the truth to a reader who comes first', async () => {
    const dataFolder = await killedHost();
    const reader = openStore({ dataFolder, mode: 'read' });
    expect(reader.runs.get('running').status).toBe('crashed');
    reader.close();
  });
});

describe('reading', () => {
  it('works beside a host, sees what it commits, and leaves its live runs alone', () => {
    const dataFolder = temporaryDataFolder();
    const host = openStore({ dataFolder, mode: 'write' });
    host.runs.create(newRun('a'));
    const reader = openStore({ dataFolder, mode: 'read' });
    expect(reader.runs.get('a').status).toBe('queued');
    host.runs.setStatus('a', 'running', { at: '' });
    expect(reader.runs.get('a').status).toBe('running');
    expect(() => reader.runs.update('a', { name: 'x' })).toThrow(
      expect.objectContaining({ code: 'io', message: expect.stringContaining('cannot be written') }),
    );
    host.close();
    reader.close();
  });

  it('finds an empty store where there is none, and creates nothing', () => {
    const dataFolder = temporaryDataFolder();
    const reader = openStore({ dataFolder, mode: 'read' });
    expect(reader.runs.list()).toEqual([]);
    reader.close();
    expect(fs.existsSync(dataFolder.root)).toBe(false);
  });

  it('refuses a data folder that is a file', () => {
    const dataFolder = temporaryDataFolder();
    fs.writeFileSync(dataFolder.root, '');
    for (const mode of ['read', 'write'] as const) {
      expect(() => openStore({ dataFolder, mode })).toThrow(
        expect.objectContaining({ code: 'invalid-input' }),
      );
    }
  });
});

describe('a second host', () => {
  it('is refused while the first one has the store open, and not after', () => {
    const dataFolder = temporaryDataFolder();
    const host = openStore({ dataFolder, mode: 'write' });
    expect(() => openStore({ dataFolder, mode: 'write' })).toThrow(expect.objectContaining({ code: 'busy' }));
    host.close();
    openStore({ dataFolder, mode: 'write' }).close();
  });
});

describe('a damaged store', () => {
  it('is refused with a clear word instead of being read', () => {
    const dataFolder = temporaryDataFolder();
    const store = openStore({ dataFolder, mode: 'write' });
    store.runs.create(newRun('a'));
    store.series.add(
      'a',
      Array.from({ length: 50_000 }, (_, step) => ({ series: 's', step, epoch: 0, time: 0, value: step })),
    );
    store.close();
    const bytes = fs.readFileSync(dataFolder.database);
    bytes.fill(0xa5, 4096 * 40, 4096 * 60);
    fs.writeFileSync(dataFolder.database, bytes);
    expect(() => openStore({ dataFolder, mode: 'write' })).toThrow(
      expect.objectContaining({ code: 'corrupt', message: expect.stringContaining('is damaged') }),
    );
  });
});

describe('a full disk', () => {
  it('is one clear error, and the store stays as it was', () => {
    const dataFolder = temporaryDataFolder();
    openStore({ dataFolder, mode: 'write' }).close();
    const sql = openSql(dataFolder.database);
    sql.pragma(`max_page_count = ${Number(sql.pragma('page_count')) + 2}`);
    sql.script('CREATE TABLE filler (text TEXT) STRICT');
    const fill = (): unknown =>
      sql.transaction(() => {
        for (let i = 0; i < 1000; i++) sql.run('INSERT INTO filler VALUES (?)', 'x'.repeat(1000));
      });
    expect(fill).toThrow(
      expect.objectContaining({ code: 'io', message: `the store ${dataFolder.database}: the disk is full` }),
    );
    expect(sql.get('SELECT count(*) AS n FROM filler')).toEqual({ n: 0 });
    sql.run('INSERT INTO filler VALUES (?)', 'small things still fit');
    expect(sql.pragma('quick_check')).toBe('ok');
    sql.close();
  });
});
