import { addressTaken } from '#shared/export/report/address-taken.ts';
import { callsThroughPointers, parseCallGraphs } from '#shared/export/report/call-graph.ts';
import { estimateStack, type StackEstimate } from '#shared/export/report/stack-estimate.ts';
import { runProgram } from '#main/toolchain/index.ts';
import type { CompiledObject } from './compile-objects.ts';
import { compilerTool } from './compiler-tool.ts';
import type { BundleSources } from './compile.ts';

/** Objects of one objdump: what it prints of them is kept whole. */
const BATCH = 8;

/**
 * The deepest stack below the functions that an application calls, from the compiler's call graphs; null where it writes
 * none. The functions run in turns.
 *
 * @param roots names of these functions
 * @param library objects of the network and its kernels: a pointer in them points to a function whose address they take
 * @param objects all of the image
 */
export async function measureStack(
  compiler: string,
  bundle: BundleSources,
  roots: readonly string[],
  library: readonly CompiledObject[],
  objects: readonly CompiledObject[],
  signal: AbortSignal | undefined,
): Promise<StackEstimate | null> {
  if (objects.some(({ callGraph }) => callGraph === null)) return null;
  const graph = parseCallGraphs(objects.map(({ callGraph }) => callGraph ?? ''));
  const pointees = new Set<string>();
  if (roots.some((root) => callsThroughPointers(graph, root))) {
    const dump = async (how: string, files: readonly string[]): Promise<string> => {
      const program = compilerTool(compiler, 'objdump');
      const { status, stdout } = await runProgram(program, [how, ...files], signal ? { signal } : {});
      return status === 0 ? stdout : '';
    };
    for (let at = 0; at < library.length; at += BATCH) {
      const files = library.slice(at, at + BATCH).map(({ object }) => object);
      const found = addressTaken(await dump('-r', files), await dump('-dr', files));
      found.forEach((name) => pointees.add(name));
    }
  }
  const each = roots.map((root) => estimateStack(graph, root, pointees));
  const deepest = (a: StackEstimate, b: StackEstimate) =>
    (b.bytes ?? Infinity) > (a.bytes ?? Infinity) ? b : a;
  return each.length === 0 ? null : each.reduce(deepest);
}
