import * as fs from 'node:fs';
import * as path from 'node:path';
import { BitsmithError } from '#shared/base/errors.ts';
import { guardFiles } from '#main/platform/files.ts';
import { runProgram } from '#main/toolchain/index.ts';

const OUTPUTS = ['logits.bin', 'count.bin', 'values.bin'];

/** What the batch program of a bundle (`verify/batch_main.c`) wrote. */
export interface BatchResult {
  logits: Int32Array;
  /** Ticks of the machine's counter for all samples together; 0 when unknown. */
  ticks: number;
  /** From an observing build: every layer of every sample. */
  values: Int32Array;
}

/**
 * Runs a batch program in `folder`, where its files are written.
 *
 * @throws BitsmithError `job-failed` when it ends with another status than 0
 */
export async function runBatch(
  folder: string,
  images: Uint8Array,
  command: {
    program: string;
    parameters: readonly string[];
    timeoutMs: number;
    signal?: AbortSignal | undefined;
  },
): Promise<BatchResult> {
  guardFiles(`cannot write to ${folder}`, () => {
    // Nothing of an earlier run may be taken for this one's.
    for (const file of OUTPUTS) fs.rmSync(path.join(folder, file), { force: true });
    fs.writeFileSync(path.join(folder, 'samples.bin'), images);
  });
  const { status, stdout, stderr } = await runProgram(command.program, command.parameters, {
    cwd: folder,
    timeoutMs: command.timeoutMs,
    ...(command.signal ? { signal: command.signal } : {}),
  });
  if (status !== 0) {
    const said = (stderr + stdout).split('\n').find((line) => line.trim() !== '') ?? 'it said nothing';
    throw new BitsmithError('job-failed', `the firmware ended with status ${status}: ${said.slice(0, 300)}`, {
      stderr: stderr.slice(0, 20_000),
    });
  }
  const counts = readWords(path.join(folder, 'count.bin'));
  return {
    logits: readWords(path.join(folder, 'logits.bin')),
    ticks: ((counts[0] ?? 0) >>> 0) + ((counts[1] ?? 0) >>> 0) * 4294967296,
    values: readWords(path.join(folder, 'values.bin')),
  };
}

/** int32 little endian; an absent file is empty. */
function readWords(file: string): Int32Array {
  if (!fs.existsSync(file)) return new Int32Array(0);
  const bytes = guardFiles(`cannot read ${file}`, () => fs.readFileSync(file));
  return Int32Array.from({ length: Math.floor(bytes.length / 4) }, (_, i) => bytes.readInt32LE(4 * i));
}
