import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { BitsmithError } from '#shared/base/errors.ts';
import { guardFiles } from '#main/platform/files.ts';
import { runProgram } from '#main/toolchain/index.ts';

const OUTPUTS = ['logits.bin', 'count.bin', 'values.bin', 'layers.bin'];

/** What the batch program of a bundle (`verify/batch_main.c`) wrote. */
export interface BatchResult {
  logits: Int32Array;
  /** Ticks of the machine's counter for all samples together; 0 when unknown. */
  ticks: number;
  /** From an observing build: every layer of every sample. */
  values: Int32Array;
  /** From an observing build: ticks of each layer for all samples together. */
  layerTicks: number[];
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
    const lines = (stderr + stdout).split('\n').filter((line) => line.trim() !== '');
    const said = lines.find((line) => /error|fault/i.test(line)) ?? lines[0] ?? 'it said nothing';
    throw new BitsmithError('job-failed', `the firmware ended with status ${status}: ${said.slice(0, 300)}`, {
      stderr: stderr.slice(0, 20_000),
    });
  }
  return {
    logits: readWords(path.join(folder, 'logits.bin')),
    ticks: ticksOf(readWords(path.join(folder, 'count.bin')))[0] ?? 0,
    values: readWords(path.join(folder, 'values.bin')),
    layerTicks: ticksOf(readWords(path.join(folder, 'layers.bin'))),
  };
}

/** uint64 from pairs of words, low ones first; exact to 2^53. */
function ticksOf(words: Int32Array): number[] {
  return Array.from(
    { length: words.length >> 1 },
    (_, i) => (words[2 * i]! >>> 0) + (words[2 * i + 1]! >>> 0) * 4294967296,
  );
}

/** int32 little endian; an absent file is empty. */
function readWords(file: string): Int32Array {
  if (!fs.existsSync(file)) return new Int32Array(0);
  const bytes = guardFiles(`cannot read ${file}`, () => fs.readFileSync(file));
  const whole = bytes.subarray(0, bytes.length & ~3);
  if (os.endianness() === 'BE') whole.swap32();
  return new Int32Array(Uint8Array.from(whole).buffer);
}
