import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';

/** What `npm ci` on a fresh machine rests on. */

interface Entry {
  version?: string;
  resolved?: string;
  gypfile?: boolean;
  dependencies?: Record<string, string>;
  optionalDependencies?: Record<string, string>;
}
const { packages } = JSON.parse(readFileSync('package-lock.json', 'utf8')) as {
  packages: Record<string, Entry>;
};

describe('package-lock.json', () => {
  it('names no registry', () => {
    expect(Object.values(packages).filter(({ resolved }) => resolved?.startsWith('http'))).toEqual([]);
  });

  it('tells npm not to compile better-sqlite3, which ships its binaries', () => {
    // `npm install` drops this line; without it `npm ci` runs node-gyp, which needs a compiler and Node's headers.
    expect(packages['node_modules/better-sqlite3']?.gypfile).toBe(false);
  });

  it('holds the packages of every platform, so that it fits wherever it is installed', () => {
    const names = new Set(Object.keys(packages).map((path) => path.split('node_modules/').at(-1)));
    const missing = Object.values(packages).flatMap(({ optionalDependencies = {} }) =>
      Object.keys(optionalDependencies).filter((name) => !names.has(name)),
    );
    expect(missing).toEqual([]);
  });
});
