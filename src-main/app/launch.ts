import { spawn, spawnSync } from 'node:child_process';
import * as fs from 'node:fs';
import * as path from 'node:path';
import { newestChange } from './newest-change.ts';

/*
 * `npm start`: builds what has changed, and opens the window in Electron. Where Electron's program is not installed it
 * says what to do, and ends with status 2.
 */
const root = path.resolve(import.meta.dirname, '../..');
const inRoot = (...parts: string[]): string => path.join(root, ...parts);

/** Electron's program, or null. Its package is only a downloader: the program may never have arrived. */
function findElectron(): string | null {
  const folder = inRoot('node_modules/electron');
  try {
    const name = fs.readFileSync(path.join(folder, 'path.txt'), 'utf8').trim();
    const file = path.join(process.env.ELECTRON_OVERRIDE_DIST_PATH ?? path.join(folder, 'dist'), name);
    return fs.existsSync(file) ? file : null;
  } catch {
    return null;
  }
}

function buildIfNeeded(): boolean {
  const built = newestChange(
    [inRoot('out/main/electron.js'), inRoot('out/preload'), inRoot('out/renderer')],
    'oldest',
  );
  const sources = ['src-main', 'src-renderer', 'src-shared', 'electron.vite.config.ts', 'package.json'];
  const changed = newestChange(
    sources.map((name) => inRoot(name)),
    'newest',
  );
  if (built !== null && changed !== null && built >= changed) return true;
  process.stderr.write('Building Bitsmith …\n');
  const tool = inRoot('node_modules/electron-vite/bin/electron-vite.js');
  const { status } = spawnSync(process.execPath, [tool, 'build', '--logLevel', 'warn'], {
    cwd: root,
    stdio: 'inherit',
  });
  return status === 0;
}

const electron = findElectron();
if (!electron) {
  process.stderr.write(
    [
      "Bitsmith: Electron's program is not installed here, so there is no desktop window.",
      '',
      'Either get it (about 110 MB):',
      '    npx install-electron',
      'behind a mirror, with its address first:',
      '    ELECTRON_MIRROR=https://your.mirror/electron/ npx install-electron',
      '',
      'or use the same window in a browser of this computer:',
      '    npm run build && npm run bitsmith -- serve',
      '',
    ].join('\n'),
  );
  process.exitCode = 2;
} else if (!buildIfNeeded()) {
  process.stderr.write('Bitsmith: the build failed; see above.\n');
  process.exitCode = 1;
} else {
  // Set by other programs, it would turn Electron into plain Node.
  const { ELECTRON_RUN_AS_NODE: _, ...env } = process.env;
  const child = spawn(electron, [root, ...process.argv.slice(2)], { stdio: 'inherit', env });
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => child.kill(signal));
  child.on('exit', (code) => (process.exitCode = code ?? 1));
}
