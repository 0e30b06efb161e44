import * as path from 'node:path';

/** Which paths the window may have shown in the file manager: what lies in the data folder or in a chosen folder. */
export function revealGuard(dataFolder: string): {
  allow(folder: string): void;
  mayReveal(file: string): boolean;
} {
  const allowed = new Set([path.resolve(dataFolder)]);
  return {
    allow: (folder) => void allowed.add(path.resolve(folder)),
    mayReveal: (file) => {
      if (!path.isAbsolute(file)) return false;
      const resolved = path.resolve(file);
      return [...allowed].some((folder) => resolved === folder || resolved.startsWith(folder + path.sep));
    },
  };
}
