import { createHash } from 'node:crypto';
import * as fs from 'node:fs';
import { pipeline } from 'node:stream/promises';
import { BitsmithError } from '#shared/base/errors.ts';

/** A checksum as its publisher gave it: `hex` digest, or the `base64` of a subresource integrity. */
export interface Checksum {
  algorithm: 'sha256' | 'md5' | 'sha512' | 'sha1';
  encoding: 'hex' | 'base64';
  digest: string;
}

/** The strongest checksum of a catalogue file. */
export function checksumOf(file: { sha256?: string; md5?: string }): Checksum | null {
  if (file.sha256) return { algorithm: 'sha256', encoding: 'hex', digest: file.sha256 };
  if (file.md5) return { algorithm: 'md5', encoding: 'hex', digest: file.md5 };
  return null;
}

/** A checksum from a subresource integrity, `sha512-…`. */
export function checksumOfIntegrity(integrity: string): Checksum {
  const dash = integrity.indexOf('-');
  const algorithm = integrity.slice(0, dash);
  if (algorithm !== 'sha512' && algorithm !== 'sha256' && algorithm !== 'sha1') {
    throw new BitsmithError('internal', `unknown kind of integrity: ${integrity}`);
  }
  return { algorithm, encoding: 'base64', digest: integrity.slice(dash + 1) };
}

/** The file's digest with the algorithm and encoding of `like`, read block by block. */
export async function digestFile(file: string, like: Checksum, signal: AbortSignal): Promise<string> {
  const hash = createHash(like.algorithm);
  await pipeline(fs.createReadStream(file, { highWaterMark: 1 << 20 }), hash, { signal });
  return hash.digest(like.encoding);
}
