import { createHash, randomBytes } from 'node:crypto';
import * as fs from 'node:fs';
import * as path from 'node:path';
import { BitsmithError } from '#shared/base/errors.ts';

/** An error of the file system as one clear sentence; anything else as it is. */
export function fileError(error: unknown, doing: string): unknown {
  if (!(error instanceof Error) || !('code' in error)) return error;
  const code = String(error.code);
  const reasons: Record<string, string> = {
    ENOSPC: 'the disk is full',
    SQLITE_FULL: 'the disk is full',
    EDQUOT: 'the disk quota is used up',
    EACCES: 'permission denied',
    EPERM: 'permission denied',
    EROFS: 'the file system is read-only',
    ENOTDIR: 'a part of the path is a file, not a folder',
    EISDIR: 'it is a folder',
    EEXIST: 'it exists already',
    ENOENT: 'there is no such file or folder',
    EMFILE: 'too many open files',
  };
  const reason = reasons[code];
  if (!reason) return error;
  const kind = code === 'ENOENT' ? 'not-found' : 'io';
  return new BitsmithError(kind, `${doing}: ${reason}`, { errno: code }, { cause: error });
}

/** Runs `work`, turning file system errors into clear ones. */
export function guardFiles<T>(doing: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    throw fileError(error, doing);
  }
}

/**
 * Writes a file so that a reader (or a crash at any moment) sees either the old content or the whole new one:
 * temporary name beside it, flush, rename, flush the folder.
 *
 * @throws BitsmithError `io` with the reason; the temporary file is removed and the old content is untouched
 */
export function writeFileAtomic(file: string, content: Uint8Array | string | readonly Uint8Array[]): void {
  const folder = path.dirname(file);
  const temporary = path.join(folder, `.${path.basename(file)}.${randomBytes(4).toString('hex')}.tmp`);
  guardFiles(`cannot write ${file}`, () => {
    fs.mkdirSync(folder, { recursive: true });
    const handle = fs.openSync(temporary, 'wx');
    try {
      const parts = typeof content === 'string' || content instanceof Uint8Array ? [content] : content;
      for (const part of parts) {
        const bytes = typeof part === 'string' ? Buffer.from(part) : part;
        for (let at = 0; at < bytes.length;) at += fs.writeSync(handle, bytes, at, bytes.length - at);
      }
      fs.fsyncSync(handle);
      fs.closeSync(handle);
      fs.renameSync(temporary, file);
    } catch (error) {
      try {
        fs.closeSync(handle);
      } catch {
        // closed already
      }
      fs.rmSync(temporary, { force: true });
      throw error;
    }
    flushFolder(folder);
  });
}

function flushFolder(folder: string): void {
  try {
    const handle = fs.openSync(folder, 'r');
    fs.fsyncSync(handle);
    fs.closeSync(handle);
  } catch {
    // Windows cannot open a folder; its rename is durable by itself
  }
}

/** SHA-256 of the parts in order, hex. */
export function sha256(...parts: readonly (Uint8Array | string)[]): string {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(part);
  return hash.digest('hex');
}
