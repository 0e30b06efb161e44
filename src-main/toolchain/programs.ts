/** Every outside program that Bitsmith can use, and how a person gets it. Only what is found is used. */
export interface ProgramCard {
  id: ProgramId;
  /** Names to look for, best first. */
  names: readonly string[];
  /** Debian and Ubuntu packages. */
  packages: readonly string[];
}
export type ProgramId =
  | 'gcc'
  | 'clang'
  | 'arm-none-eabi-gcc'
  | 'riscv64-unknown-elf-gcc'
  | 'qemu-system-arm'
  | 'qemu-system-riscv32';

export const PROGRAMS: readonly ProgramCard[] = [
  { id: 'gcc', names: ['gcc'], packages: ['gcc', 'libc6-dev'] },
  { id: 'clang', names: ['clang'], packages: ['clang'] },
  {
    id: 'arm-none-eabi-gcc',
    names: ['arm-none-eabi-gcc'],
    packages: ['gcc-arm-none-eabi', 'libnewlib-arm-none-eabi'],
  },
  {
    id: 'riscv64-unknown-elf-gcc',
    names: ['riscv64-unknown-elf-gcc'],
    packages: ['gcc-riscv64-unknown-elf', 'picolibc-riscv64-unknown-elf'],
  },
  { id: 'qemu-system-arm', names: ['qemu-system-arm'], packages: ['qemu-system-arm'] },
  { id: 'qemu-system-riscv32', names: ['qemu-system-riscv32'], packages: ['qemu-system-misc'] },
];

/** One line that a person can paste. */
export function remedyOf(card: ProgramCard): string {
  return `apt install ${card.packages.join(' ')}`;
}
