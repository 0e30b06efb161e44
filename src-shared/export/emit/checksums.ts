import type { BundleFile } from './types.ts';

/** `SHA256SUMS` in the form of `sha256sum -c`, sorted by path. @param sha256 hex digest of a text */
export function checksumsFile(files: readonly BundleFile[], sha256: (text: string) => string): BundleFile {
  const lines = files
    .toSorted((a, b) => (a.path < b.path ? -1 : 1))
    .map((file) => `${sha256(file.content)}  ${file.path}\n`);
  return { path: 'SHA256SUMS', content: lines.join('') };
}
