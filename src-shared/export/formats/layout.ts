import type { BundleFile } from '../emit/types.ts';

/** Rooms of the parts of a bundle, and where a format puts each. No place: the format leaves the part out. */
export interface Layout {
  /** The network's header. */
  include: string;
  /** The network's sources and their private headers. */
  src: string;
  /** `bitsmith.h`. */
  'runtime/include': string;
  /** Kernels, one folder each kind, and `internal.h` beside the folders. */
  'runtime/src': string;
  /** Self test and golden vectors. */
  test: string;
  /** Programs of `bitsmith verify`, and `network.h`. */
  verify: string;
  /** Start-up code and linker script of the emulated board. */
  platform?: string;
  /** The example `main.c`. */
  examples?: string;
}

/** Every part where the emitters put it. */
export const PLAIN_LAYOUT: Layout = {
  include: 'include',
  src: 'src',
  'runtime/include': 'runtime/include',
  'runtime/src': 'runtime/src',
  test: 'test',
  verify: 'verify',
  platform: 'platform',
  examples: 'examples',
};

const ROOMS = [
  'runtime/include',
  'runtime/src',
  'include',
  'src',
  'test',
  'verify',
  'platform',
  'examples',
] as const;

/** The parts at the places of a layout. Files outside every room (README, LICENSE, manifest) stay where they are. */
export function relocate(parts: readonly BundleFile[], layout: Layout): BundleFile[] {
  return parts.flatMap(({ path, content }) => {
    const room = ROOMS.find((candidate) => path.startsWith(`${candidate}/`));
    if (!room) return [{ path, content }];
    const place = layout[room];
    return place === undefined ? [] : [{ path: `${place}${path.slice(room.length)}`, content }];
  });
}

/** Folders with the C files of the network and its kernels. */
export function sourceFolders(layout: Layout): string[] {
  return [...new Set([layout.src, layout['runtime/src']])];
}

/** C files of the network and its kernels among the files of an arranged bundle, sorted. */
export function librarySources(files: readonly BundleFile[], layout: Layout): string[] {
  const folders = sourceFolders(layout);
  return files
    .map(({ path }) => path)
    .filter((path) => path.endsWith('.c') && folders.some((folder) => path.startsWith(`${folder}/`)))
    .sort();
}

/** What an application needs on its include path. */
export function publicIncludes(layout: Layout): string[] {
  return [...new Set([layout.include, layout['runtime/include']])];
}

/** What the self test and the programs of `bitsmith verify` need on theirs. */
export function testIncludes(layout: Layout): string[] {
  return [...new Set([...publicIncludes(layout), layout.src, layout.test, layout.verify])];
}
