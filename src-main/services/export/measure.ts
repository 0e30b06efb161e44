import * as path from 'node:path';
import type { BundleFile } from '#shared/export/emit/types.ts';
import type { Target } from '#shared/export/targets/types.ts';
import type { ImageSizes, Toolchain } from '#main/toolchain/index.ts';
import { compile, compileImage, imageSizes, platformFolder, type BundleSources } from './compile.ts';
import { withScratchFolder } from './scratch-folder.ts';

/**
 * Flash and RAM that a bundle takes on a target, from the linker's own output: the smallest program that runs the
 * network, start-up code included. For a target without a board: code and constants of the library, and its arena.
 *
 * @returns null where the target's compiler is not installed
 * @throws BitsmithError `job-failed` when the bundle does not compile, or does not fit the board's memories
 */
export async function measureBundle(
  bundle: BundleSources,
  target: Target,
  arenaBytes: number,
  tools: { toolchain: Toolchain; runtime: readonly BundleFile[]; signal?: AbortSignal | undefined },
): Promise<ImageSizes | null> {
  const compiler = await tools.toolchain.find(target.compiler);
  if (!compiler.available) return null;
  const { machine } = target;
  return withScratchFolder(async (scratch) => {
    if (machine) {
      const output = path.join(scratch, 'footprint.elf');
      await compileImage(bundle, target, {
        compiler: compiler.path,
        mains: [`${bundle.layout.verify}/footprint_main.c`],
        platform: platformFolder(bundle, machine, tools.runtime, scratch),
        port: false,
        output,
        signal: tools.signal,
      });
      return imageSizes(compiler.path, output);
    }
    const output = path.join(scratch, 'library.o');
    await compile(bundle, {
      compiler: compiler.path,
      flags: target.flags,
      extra: [],
      link: ['-r', '-nostdlib'],
      output,
      signal: tools.signal,
    });
    const sizes = await imageSizes(compiler.path, output);
    return { flashBytes: sizes.flashBytes, ramBytes: sizes.ramBytes + arenaBytes };
  });
}
