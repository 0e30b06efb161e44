import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import * as path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findStaticFile } from '#main/serve/static-files.ts';

let root: string;
let folder: string;

beforeAll(() => {
  root = mkdtempSync(path.join(tmpdir(), 'bitsmith-static-'));
  folder = path.join(root, 'window');
  mkdirSync(path.join(folder, 'assets'), { recursive: true });
  writeFileSync(path.join(folder, 'index.html'), '<p>window</p>');
  writeFileSync(path.join(folder, 'assets', 'a b.js'), 'export {}');
  writeFileSync(path.join(folder, '.secret.js'), 'hidden');
  writeFileSync(path.join(folder, 'data.sqlite'), 'not for the window');
  writeFileSync(path.join(root, 'outside.js'), 'outside');
  symlinkSync(path.join(root, 'outside.js'), path.join(folder, 'link.js'));
  mkdirSync(path.join(root, 'window-2'));
  writeFileSync(path.join(root, 'window-2', 'x.js'), 'a sibling with the same beginning');
  symlinkSync(path.join(root, 'window-2'), path.join(folder, 'sibling'));
});
afterAll(() => rmSync(root, { recursive: true, force: true }));

describe('findStaticFile', () => {
  it('finds the page at the root, and assets by their decoded name', async () => {
    expect(await findStaticFile(folder, '/')).toMatchObject({
      type: 'text/html; charset=utf-8',
      immutable: false,
    });
    const asset = await findStaticFile(folder, '/assets/a%20b.js');
    expect(asset).toMatchObject({ type: 'text/javascript; charset=utf-8', immutable: true });
    expect(asset?.content.toString()).toBe('export {}');
  });

  it.each([
    '/../outside.js',
    '/assets/../../outside.js',
    '/%2e%2e/outside.js',
    '/..%2foutside.js',
    '/%2e%2e%2foutside.js',
    '/..\\outside.js',
    '/assets/%00.js',
    '/%',
    '/link.js',
    '/sibling/x.js',
    '/.secret.js',
    '/data.sqlite',
    '/assets',
    '/assets/',
    '/nothing.js',
    '//etc/passwd',
    '',
  ])('refuses %j', async (name) => {
    expect(await findStaticFile(folder, name)).toBeNull();
  });
});
