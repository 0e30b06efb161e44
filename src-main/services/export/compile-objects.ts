import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { BitsmithError } from '#shared/base/errors.ts';
import { COMPILE_FLAGS } from '#shared/export/emit/flags.ts';
import { testIncludes } from '#shared/export/formats/layout.ts';
import { runProgram } from '#main/toolchain/index.ts';
import { refusal, type BundleSources } from './compile.ts';

/** A source and its object, so that the linker's map can be read file by file. */
export interface CompiledObject {
  /** As it was given. */
  source: string;
  object: string;
  /** GCC's call graph of the file with the stack of its functions; null where the compiler writes none. */
  callGraph: string | null;
}

/** They do not change the code. */
const ANALYSIS = ['-fstack-usage', '-fcallgraph-info=su'];

/**
 * Compiles every file of a bundle to an object of its own in `folder`, with all warnings as errors, as many at a time as
 * the machine has processors.
 *
 * @param files relative to the bundle or absolute
 * @throws BitsmithError `job-failed` with the compiler's first message, `cancelled`
 */
export async function compileObjects(
  bundle: BundleSources,
  request: {
    compiler: string;
    flags: readonly string[];
    files: readonly string[];
    folder: string;
    signal?: AbortSignal | undefined;
  },
): Promise<CompiledObject[]> {
  const { compiler, folder, files, signal } = request;
  const includes = testIncludes(bundle.layout).map((place) => `-I${place}`);
  const compileOne = async (
    source: string,
    index: number,
    more: readonly string[],
  ): Promise<CompiledObject> => {
    const stem = path.join(folder, `object-${index}`);
    const result = await runProgram(
      compiler,
      [...COMPILE_FLAGS, ...request.flags, ...more, ...includes, '-c', source, '-o', `${stem}.o`],
      { cwd: bundle.folder, timeoutMs: 300_000, ...(signal ? { signal } : {}) },
    );
    if (result.status !== 0) throw refusal(compiler, bundle, result.stderr);
    const graph = `${stem}.ci`;
    return {
      source,
      object: `${stem}.o`,
      callGraph: fs.existsSync(graph) ? fs.readFileSync(graph, 'utf8') : null,
    };
  };
  const [first, ...rest] = files;
  if (first === undefined) return [];
  let analysis = ANALYSIS;
  let done: CompiledObject;
  try {
    done = await compileOne(first, 0, analysis);
  } catch (error) {
    if (!(error instanceof BitsmithError) || error.code !== 'job-failed') throw error;
    // A compiler that does not know the analysis refuses it; if the file is at fault, this one says so.
    analysis = [];
    done = await compileOne(first, 0, analysis);
  }
  const objects = [done];
  let next = 0;
  const work = async (): Promise<void> => {
    for (let index = next++; index < rest.length; index = next++) {
      objects[index + 1] = await compileOne(rest[index] ?? '', index + 1, analysis);
    }
  };
  await Promise.all(Array.from({ length: os.availableParallelism() }, work));
  return objects;
}
