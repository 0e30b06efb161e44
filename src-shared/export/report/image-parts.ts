import type { z } from 'zod';
import type { MapEntry } from './link-map.ts';
import type { FlashPartsSchema, RamPartsSchema } from './schema.ts';
import { sectionMemory } from './section-memory.ts';

/** What an object file is to a network: its tables, its sequence of calls, a kernel, the compiler's own, the rest. */
export type ObjectRole = 'weights' | 'network' | 'kernels' | 'compiler' | 'startup';

export interface ImageParts {
  flash: z.output<typeof FlashPartsSchema>;
  ram: z.output<typeof RamPartsSchema>;
}

/**
 * Splits a linked image by what its parts are for. Every byte of the map is in exactly one part; what the linker's totals
 * have beyond the map counts as padding, so that the parts always add up to the totals.
 *
 * @param roleOf by object file, as the map names it
 * @param linker flash and RAM of the image as `size -A` has it
 * @param arena the section that holds the arena; absent: the image has none
 */
export function imageParts(
  entries: readonly MapEntry[],
  roleOf: (file: string) => ObjectRole,
  linker: { flashBytes: number; ramBytes: number },
  arena?: string,
): ImageParts {
  const flash = {
    weights: 0,
    kernels: 0,
    networkCode: 0,
    networkConstants: 0,
    compiler: 0,
    startup: 0,
    padding: 0,
  };
  const ram = { activations: 0, runtime: 0, padding: 0 };
  for (const { output, input, bytes, file } of entries) {
    const memory = sectionMemory(output);
    if (memory === null) continue;
    const role = file === '' ? null : roleOf(file);
    if (memory !== 'ram') {
      if (role === null) flash.padding += bytes;
      else if (role === 'network')
        flash[/^\.text/.test(output) ? 'networkCode' : 'networkConstants'] += bytes;
      else flash[role] += bytes;
    }
    if (memory !== 'flash') {
      if (role === null) ram.padding += bytes;
      else if (arena !== undefined && input === arena) ram.activations += bytes;
      else ram.runtime += bytes;
    }
  }
  const sum = (parts: Record<string, number>) => Object.values(parts).reduce((a, b) => a + b, 0);
  flash.padding += linker.flashBytes - sum(flash);
  ram.padding += linker.ramBytes - sum(ram);
  return { flash, ram };
}

/** Code and constants of every kernel file, largest first. */
export function kernelBytes(
  entries: readonly MapEntry[],
  nameOf: (file: string) => string | null,
): { name: string; bytes: number }[] {
  const bytes = new Map<string, number>();
  for (const entry of entries) {
    const memory = sectionMemory(entry.output);
    const name = entry.file === '' || memory === null || memory === 'ram' ? null : nameOf(entry.file);
    if (name !== null) bytes.set(name, (bytes.get(name) ?? 0) + entry.bytes);
  }
  return [...bytes]
    .map(([name, count]) => ({ name, bytes: count }))
    .sort((a, b) => b.bytes - a.bytes || (a.name < b.name ? -1 : 1));
}
