import type { Reply, Request } from './index.ts';

export type ThemeChoice = 'light' | 'dark' | 'system';

/**
 * What the Electron preload puts on `window.bitsmith`: a wire for the contract, and the few things that only a desktop
 * shell can do. Narrow functions with plain data; nothing of Electron's own is exposed.
 */
export interface Bridge {
  send(request: Request): void;
  /** Replies and pushes. The result takes the listener away again. */
  onReply(listener: (reply: Reply) => void): () => void;
  /** Native dialog for one existing file, or for a folder; null when the person closes it. */
  choosePath(kind: 'file' | 'folder', title: string): Promise<string | null>;
  /** Shows a folder or file of the data folder, or one that this window chose, in the file manager. */
  reveal(path: string): Promise<void>;
  /** Where a file that was dragged onto the window lies on the disk; empty for one that is not on it. */
  pathOf(file: File): string;
  setTheme(theme: ThemeChoice): void;
  /** A choice in the native menu, by the id of the window's command, e.g. `go-runs`. */
  onCommand(listener: (command: string) => void): () => void;
}
