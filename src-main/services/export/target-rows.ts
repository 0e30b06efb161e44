import type { z } from 'zod';
import type { TargetRowSchema } from '#shared/contract/api/export.ts';
import { TARGETS } from '#shared/export/targets/index.ts';
import type { Found, Toolchain } from '#main/toolchain/index.ts';

/** Every target, and whether it can be compiled and emulated on this computer. */
export function targetRows(toolchain: Toolchain): Promise<z.input<typeof TargetRowSchema>[]> {
  return Promise.all(
    TARGETS.map(async ({ id, title, description, compiler, machine }) => ({
      id,
      title,
      description,
      compiler: rowOf(await toolchain.find(compiler)),
      emulator: machine
        ? rowOf(await toolchain.find(machine.emulator))
        : {
            available: id === 'host',
            name: id === 'host' ? 'runs on this computer' : 'no emulator',
            remedy: null,
          },
    })),
  );
}

function rowOf({ available, title, remedy }: Found): {
  available: boolean;
  name: string;
  remedy: string | null;
} {
  return { available, name: title, remedy };
}
