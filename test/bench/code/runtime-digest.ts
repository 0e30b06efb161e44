import { readRuntimeLibrary } from '#main/services/export/runtime-library.ts';
import { sha256 } from '#main/platform/files.ts';
import { RESOURCES } from '#test/support/firmware.ts';

/** Digest of the runtime's sources and headers, by which measurements of them know whether they are out of date. */
export function runtimeDigest(): string {
  const files = readRuntimeLibrary(RESOURCES).filter(({ path }) => /^(src|include)\//.test(path));
  return sha256(files.map(({ path, content }) => `${path}\0${content}`).join('\0')).slice(0, 16);
}
