import * as fs from 'node:fs';
import * as path from 'node:path';
import { BitsmithError } from '#shared/base/errors.ts';
import { BARE_METAL_FLAGS, COMPILE_FLAGS } from '#shared/export/emit/flags.ts';
import type { BundleFile } from '#shared/export/emit/types.ts';
import { imageParts, kernelBytes, type ObjectRole } from '#shared/export/report/image-parts.ts';
import { parseLinkMap } from '#shared/export/report/link-map.ts';
import type { MeasuredSizes } from '#shared/export/report/schema.ts';
import type { Target } from '#shared/export/targets/types.ts';
import { parseSections, runProgram, totalsOf, type Section, type Toolchain } from '#main/toolchain/index.ts';
import { compileObjects } from './compile-objects.ts';
import { platformFolder, refusal, type BundleSources } from './compile.ts';
import { compilerTool } from './compiler-tool.ts';
import { measureStack } from './measure-stack.ts';
import { withScratchFolder } from './scratch-folder.ts';

const ARENA_SECTION = '.bss.arena';
/** Sections of their own for every function and table, so that the map names them. */
const SECTIONS = ['-ffunction-sections', '-fdata-sections'];

/**
 * Flash, RAM and stack that a bundle takes on a target, from the linker's own map: the smallest program that runs the
 * network, start-up code included. For a target without a board: code and constants of the library, and its arena.
 *
 * @param arenaBytes working memory of a library: the arena, or what a front end needs, if that is more
 * @returns null where the target's compiler is not installed
 * @throws BitsmithError `job-failed` when the bundle does not compile, or does not fit the board's memories
 */
export async function measureBundle(
  bundle: BundleSources,
  target: Target,
  arenaBytes: number,
  tools: { toolchain: Toolchain; runtime: readonly BundleFile[]; signal?: AbortSignal | undefined },
): Promise<MeasuredSizes | null> {
  const compiler = await tools.toolchain.find(target.compiler);
  if (!compiler.available) return null;
  const { signal } = tools;
  const { machine } = target;
  return withScratchFolder(async (scratch) => {
    const platform = machine ? platformFolder(bundle, machine, tools.runtime, scratch) : '';
    const startup = machine
      ? [
          `${bundle.layout.verify}/footprint_main.c`,
          ...['startup.c', 'memory.c'].map((file) => path.join(platform, file)),
        ]
      : [];
    const flags = [...target.flags, ...(machine ? BARE_METAL_FLAGS : SECTIONS)];
    const files = [...bundle.sources, ...startup];
    const objects = await compileObjects(bundle, {
      compiler: compiler.path,
      flags,
      files,
      folder: scratch,
      signal,
    });
    const map = path.join(scratch, 'image.map');
    const output = path.join(scratch, 'image.elf');
    const link = machine
      ? ['-nostdlib', '-T', path.join(platform, 'link.ld'), '-Wl,--gc-sections', '-lgcc']
      : ['-r', '-nostdlib', '-Wl,--gc-sections', ...entries(bundle).map((name) => `-Wl,-u,${name}`)];
    const linked = await runProgram(
      compiler.path,
      [...target.flags, ...objects.map(({ object }) => object), ...link, `-Wl,-Map=${map}`, '-o', output],
      { cwd: bundle.folder, timeoutMs: 300_000, ...(signal ? { signal } : {}) },
    );
    if (linked.status !== 0) throw refusal(compiler.path, bundle, linked.stderr);
    const sections = await imageSections(compiler.path, output);
    const linker = totalsOf(sections);
    const linkMap = parseLinkMap(fs.readFileSync(map, 'utf8'));
    const sourceOf = new Map(objects.map(({ object, source }) => [object, source]));
    const roleOf = (file: string): ObjectRole => {
      const source = sourceOf.get(file);
      if (source === undefined) return 'compiler';
      return startup.includes(source) ? 'startup' : libraryRole(source, bundle.name);
    };
    const parts = imageParts(linkMap, roleOf, linker, ARENA_SECTION);
    // A library has no arena of its own.
    if (!machine) parts.ram.activations += arenaBytes;
    return {
      compiler: compiler.title,
      flags: [...COMPILE_FLAGS, ...flags],
      image: machine
        ? `the smallest program that runs the network, linked for the board ${machine.id}`
        : 'the network and its kernels as one object, and the arena',
      sections: bySection(sections),
      ...parts,
      flashBytes: linker.flashBytes,
      ramBytes: linker.ramBytes + (machine ? 0 : arenaBytes),
      stack: await measureStack(
        compiler.path,
        bundle,
        entries(bundle),
        objects.slice(0, bundle.sources.length),
        objects,
        signal,
      ),
      kernels: kernelBytes(linkMap, (file) => {
        const source = sourceOf.get(file) ?? '';
        return roleOf(file) === 'kernels' ? path.basename(source, '.c') : null;
      }),
    };
  });
}

/** Functions that an application calls. */
function entries({ name, sources }: BundleSources): string[] {
  const hears = sources.some((source) => path.basename(source) === `${name}_sound.c`);
  return [`${name}_run`, ...(hears ? [`${name}_features`, `${name}_push`] : [])];
}

/** Kernels are named `bs_…`; what is not theirs is the network's. */
function libraryRole(source: string, network: string): ObjectRole {
  const file = path.basename(source);
  if (file === `${network}.c`) return 'network';
  if (file.startsWith(`${network}_weights`)) return 'weights';
  return file.startsWith('bs_') ? 'kernels' : 'network';
}

/** Sections that are not empty; those of single functions and tables together. */
function bySection(sections: readonly Section[]): Section[] {
  const groups = Map.groupBy(
    sections.filter(({ bytes }) => bytes > 0),
    ({ name }) => /^\.data\.rel\.ro|^\.[^.]+/.exec(name)?.[0] ?? name,
  );
  return [...groups].flatMap(([name, [first, ...more]]) =>
    first ? [{ ...first, name, bytes: more.reduce((sum, { bytes }) => sum + bytes, first.bytes) }] : [],
  );
}

async function imageSections(compiler: string, file: string): Promise<Section[]> {
  const program = compilerTool(compiler, 'size');
  const { status, stdout, stderr } = await runProgram(program, ['-A', file]);
  if (status !== 0)
    throw new BitsmithError('job-failed', `${program} cannot read ${file}: ${stderr.slice(0, 200)}`);
  return parseSections(stdout);
}
