import * as fs from 'node:fs';
import * as path from 'node:path';
import { BitsmithError } from '#shared/base/errors.ts';
import { BARE_METAL_FLAGS, COMPILE_FLAGS } from '#shared/export/emit/flags.ts';
import { platformFiles } from '#shared/export/emit/platform.ts';
import type { BundleFile } from '#shared/export/emit/types.ts';
import { sourceFolders, testIncludes, type Layout } from '#shared/export/formats/layout.ts';
import type { Machine, Target } from '#shared/export/targets/types.ts';
import { guardFiles } from '#main/platform/files.ts';
import { runProgram } from '#main/toolchain/index.ts';

/** A bundle on disk, as its builds need it. */
export interface BundleSources {
  folder: string;
  /** C identifier of the network. */
  name: string;
  /** Where the bundle's format puts its parts. */
  layout: Layout;
  /** C files of the network and its runtime, relative, sorted. */
  sources: readonly string[];
}

export interface Compilation {
  compiler: string;
  flags?: readonly string[];
  /** More C files, relative to the bundle or absolute. */
  extra: readonly string[];
  /** Arguments of the linker. */
  link?: readonly string[];
  output: string;
  signal?: AbortSignal | undefined;
}

export function bundleSources(folder: string, name: string, layout: Layout): BundleSources {
  const sources = guardFiles(`cannot read the bundle ${folder}`, () =>
    sourceFolders(layout)
      .flatMap((part) =>
        fs
          .readdirSync(path.join(folder, part), { recursive: true, encoding: 'utf8' })
          .map((file) => path.join(part, file)),
      )
      .filter((file) => file.endsWith('.c'))
      .sort(),
  );
  return { folder, name, layout, sources: [...new Set(sources)] };
}

/**
 * Compiles and links a bundle with all warnings as errors.
 *
 * @throws BitsmithError `job-failed` with the compiler's first message
 */
export async function compile(bundle: BundleSources, request: Compilation): Promise<void> {
  const includes = testIncludes(bundle.layout).map((folder) => `-I${folder}`);
  const parameters = [
    ...COMPILE_FLAGS,
    ...(request.flags ?? []),
    ...includes,
    ...bundle.sources,
    ...request.extra,
    ...(request.link ?? []),
    '-o',
    request.output,
  ];
  const result = await runProgram(request.compiler, parameters, {
    cwd: bundle.folder,
    timeoutMs: 300_000,
    ...(request.signal ? { signal: request.signal } : {}),
  });
  if (result.status !== 0) throw refusal(request.compiler, bundle, result.stderr);
}

/** The compiler's or linker's first message as an error. */
export function refusal(compiler: string, bundle: BundleSources, stderr: string): BitsmithError {
  const lines = stderr
    .split('\n')
    .filter((line) => /error|undefined|overflow|will not fit|cannot/i.test(line));
  return new BitsmithError(
    'job-failed',
    `${path.basename(compiler)} refuses the bundle ${bundle.folder}: ${(lines[0] ?? stderr).trim().slice(0, 300)}`,
    { stderr: stderr.slice(0, 20_000) },
  );
}

/** Start-up code and linker script of a board: the bundle's own where it has them, else written into `scratch`. */
export function platformFolder(
  bundle: BundleSources,
  machine: Machine,
  runtime: readonly BundleFile[],
  scratch: string,
): string {
  const room = bundle.layout.platform;
  const own = room === undefined ? undefined : path.join(bundle.folder, room, machine.id);
  if (own !== undefined && fs.existsSync(path.join(own, 'link.ld'))) return own;
  for (const file of platformFiles(machine, runtime)) {
    const target = path.join(scratch, file.path);
    fs.mkdirSync(path.dirname(target), { recursive: true });
    fs.writeFileSync(target, file.content);
  }
  return path.join(scratch, 'platform', machine.id);
}

/** Compiles a bare-metal image for a target with a board. `mains`: the program, relative to the bundle. */
export async function compileImage(
  bundle: BundleSources,
  target: Target,
  request: {
    compiler: string;
    mains: readonly string[];
    platform: string;
    port: boolean;
    defines?: readonly string[];
    output: string;
    signal?: AbortSignal | undefined;
  },
): Promise<void> {
  const platform = ['startup.c', 'memory.c', ...(request.port ? ['port_semihosting.c'] : [])];
  await compile(bundle, {
    compiler: request.compiler,
    flags: [...target.flags, ...BARE_METAL_FLAGS, ...(request.defines ?? [])],
    extra: [...request.mains, ...platform.map((file) => path.join(request.platform, file))],
    link: ['-nostdlib', '-T', path.join(request.platform, 'link.ld'), '-Wl,--gc-sections', '-lgcc'],
    output: request.output,
    signal: request.signal,
  });
}
