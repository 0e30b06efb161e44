import type { TARGET_IDS } from '../../contract/api/export.ts';

export type TargetId = (typeof TARGET_IDS)[number];

/** What a bundle is built for: one folder each, data only. */
export interface Target {
  id: TargetId;
  title: string;
  /** One sentence: which chips, and what is special. */
  description: string;
  /** Program name of the compiler, and its flags for this core. `host` is the machine's own compiler. */
  compiler: 'gcc' | 'arm-none-eabi-gcc' | 'riscv64-unknown-elf-gcc';
  flags: readonly string[];
  /** Whether it has vectors of 128 bits (Helium) and kernels that use them. */
  vectors?: true;
  /** The emulated board on which bundles are proven; absent for hosts. */
  machine?: Machine;
  /** A truer board with less memory: verification takes it where the image fits. */
  exactMachine?: Machine;
}

export interface Machine {
  /** Folder in `platform/`, e.g. `mps2-an386`. */
  id: string;
  emulator: 'qemu-system-arm' | 'qemu-system-riscv32';
  /** Arguments before `-kernel`. */
  arguments: readonly string[];
  /** Folder of `resources/runtime/platform` with its start-up code. */
  family: 'cortex-m' | 'rv32';
  flash: Region;
  ram: Region;
  /** Guest instructions of one tick of the counter at `-icount shift=0`. */
  instructionsPerTick: number;
}
/** Addresses in bytes. Equal regions: code and data share one memory. */
export interface Region {
  origin: number;
  length: number;
}
