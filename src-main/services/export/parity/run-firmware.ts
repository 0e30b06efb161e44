import * as fs from 'node:fs';
import * as path from 'node:path';
import { BitsmithError } from '#shared/base/errors.ts';
import type { Manifest } from '#shared/export/emit/manifest.ts';
import { elementsOf } from '#shared/export/ir/graph.ts';
import { guardFiles, sha256 } from '#main/platform/files.ts';
import type { Toolchain } from '#main/toolchain/index.ts';
import { runBatch } from '../batch.ts';
import { compile, type BundleSources } from '../compile.ts';
import { withScratchFolder } from '../scratch-folder.ts';
import { notInstalled } from '../verification.ts';

/** What the bundle's own C computes on this computer: the value of every observed layer, and the logits. */
export interface FirmwareValues {
  runner: string;
  values: Map<string, Int32Array>;
  logits: Int32Array;
}

/** The last observing build: another sample of the same sources needs no compiler. */
let built: { key: string; program: Buffer } | undefined;

/**
 * Compiles the bundle with its network's observer (an observer sees every value right after the step that computes it; the
 * steps themselves are the same text) and runs one sample.
 *
 * @returns or why that is not possible here: no compiler
 * @throws BitsmithError `job-failed` when the bundle does not compile or crashes, `cancelled`
 */
export async function runFirmware(
  bundle: BundleSources,
  { graph, layers }: Pick<Manifest, 'graph' | 'layers'>,
  sample: Uint8Array,
  work: { toolchain: Toolchain; signal?: AbortSignal | undefined; report?: (message: string) => void },
): Promise<FirmwareValues | { reason: string }> {
  const { toolchain, signal } = work;
  const programs = [await toolchain.find('gcc'), await toolchain.find('clang')];
  const compiler = programs.find((program) => program.available);
  if (!compiler)
    return {
      reason: notInstalled(
        'gcc or clang',
        programs.flatMap(({ remedy }) => remedy ?? []),
      ),
    };
  return withScratchFolder(async (folder) => {
    const program = path.join(folder, 'observe');
    const key = sourcesKey(bundle, compiler.path);
    if (built?.key === key) fs.writeFileSync(program, built.program, { mode: 0o755 });
    else {
      work.report?.(`compiling the firmware with ${compiler.title}`);
      await compile(bundle, {
        compiler: compiler.path,
        flags: ['-O1', `-D${bundle.name.toUpperCase()}_OBSERVE`],
        extra: ['batch_main.c', 'port_host.c'].map((file) => `${bundle.layout.verify}/${file}`),
        output: program,
        signal,
      });
      built = { key, program: fs.readFileSync(program) };
    }
    work.report?.('running the firmware');
    const result = await runBatch(folder, sample, { program, parameters: [], timeoutMs: 300_000, signal });
    const shapes = new Map(graph.nodes.map((node) => [node.id, node.shape]));
    const values = new Map<string, Int32Array>();
    let at = 0;
    for (const { id } of layers) {
      const length = elementsOf(shapes.get(id) ?? [0]);
      values.set(id, result.values.subarray(at, at + length));
      at += length;
    }
    if (at !== result.values.length || result.logits.length !== graph.classes) {
      throw new BitsmithError(
        'job-failed',
        `the firmware wrote ${result.values.length} values and ${result.logits.length} logits; the manifest says ${at} and ${graph.classes}`,
      );
    }
    return { runner: compiler.title, values, logits: result.logits };
  });
}

/** Changes with every byte of what is compiled: all C files and headers of the bundle. */
function sourcesKey(bundle: BundleSources, compiler: string): string {
  const files = guardFiles(`cannot read the bundle ${bundle.folder}`, () =>
    fs
      .readdirSync(bundle.folder, { recursive: true, encoding: 'utf8' })
      .filter((file) => /\.[ch]$/.test(file))
      .sort()
      .map((file) => `${file} ${sha256(fs.readFileSync(path.join(bundle.folder, file)))}`),
  );
  return sha256(Buffer.from([compiler, ...files].join('\n')));
}
