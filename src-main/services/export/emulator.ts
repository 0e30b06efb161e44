import type { BitsmithError } from '#shared/base/errors.ts';
import type { Machine } from '#shared/export/targets/types.ts';

/** What runs an image on its board: no window, semihosting, one virtual nanosecond for each instruction. */
export function emulatorArguments(machine: Machine, elf: string): string[] {
  return [
    ...machine.arguments,
    '-nographic',
    '-monitor',
    'none',
    '-serial',
    'none',
    '-semihosting-config',
    'enable=on,target=native',
    '-icount',
    'shift=0',
    '-kernel',
    elf,
  ];
}

/** The linker's word that an image is larger than a memory of its board; undefined for any other failure. */
export function overflowOf(error: BitsmithError): { region: string; bytes: number } | undefined {
  const match = /region `?(\w+)'? overflowed by (\d+) bytes/.exec(String(error.details?.['stderr'] ?? ''));
  return match ? { region: match[1] ?? '', bytes: Number(match[2]) } : undefined;
}
