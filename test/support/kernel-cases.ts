import { expect } from 'vitest';
import type { KernelProgram, KernelRunner } from './kernel-program.ts';

/** One call of a kernel: which one, what the program reads for it, and what it has to write. */
export interface KernelCase {
  title: string;
  kind: number;
  input: readonly number[];
  expected: readonly number[];
}

/** Runs all cases in one program and fails at the first one that differs. @returns how many numbers agreed */
export function expectCases(
  runner: KernelRunner,
  program: KernelProgram,
  cases: readonly KernelCase[],
): number {
  const output = runner.run(
    program,
    cases.flatMap(({ kind, input }) => [kind, ...input]),
  );
  let at = 0;
  for (const { title, expected } of cases) {
    expect([...output.subarray(at, at + expected.length)], title).toEqual(expected);
    at += expected.length;
  }
  expect(output.length, 'numbers written').toBe(at);
  return at;
}
