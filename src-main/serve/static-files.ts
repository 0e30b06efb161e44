import { promises as fs } from 'node:fs';
import * as path from 'node:path';

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.ico': 'image/x-icon',
  '.woff2': 'font/woff2',
  '.wasm': 'application/wasm',
  '.map': 'application/json; charset=utf-8',
};

export interface StaticFile {
  content: Buffer;
  type: string;
  /** Names of built assets carry a hash of their content: they never change. */
  immutable: boolean;
}

/**
 * The file of `folder` that a URL path names, or null: not there, outside of the folder (also through a symbolic
 * link), a hidden file, or of a kind that the window does not use.
 */
export async function findStaticFile(folder: string, urlPath: string): Promise<StaticFile | null> {
  let name: string;
  try {
    name = decodeURIComponent(urlPath);
  } catch {
    return null;
  }
  if (name.includes('\0') || name.includes('\\')) return null;
  const parts = (name === '/' ? '/index.html' : name).split('/').filter((part) => part !== '');
  if (parts.length === 0 || parts.some((part) => part.startsWith('.'))) return null;
  const type = TYPES[path.extname(parts.at(-1) ?? '').toLowerCase()];
  if (!type) return null;
  try {
    const root = await fs.realpath(folder);
    const file = await fs.realpath(path.join(root, ...parts));
    if (!file.startsWith(root + path.sep)) return null;
    return { content: await fs.readFile(file), type, immutable: parts[0] === 'assets' };
  } catch {
    return null;
  }
}
