import type { Target } from '../types.ts';

export const cortexM0: Target = {
  id: 'cortex-m0',
  title: 'Arm Cortex-M0',
  description:
    'The smallest Arm core, e.g. nRF51 and STM32F0. Emulated as itself with 16 KB of RAM where that suffices, else on a Cortex-M3 board, of whose instructions it has a subset.',
  compiler: 'arm-none-eabi-gcc',
  flags: ['-mcpu=cortex-m0', '-mthumb', '-mfloat-abi=soft'],
  machine: {
    id: 'mps2-an385',
    emulator: 'qemu-system-arm',
    arguments: ['-M', 'mps2-an385'],
    family: 'cortex-m',
    flash: { origin: 0x0, length: 4 * 1024 * 1024 },
    ram: { origin: 0x20000000, length: 4 * 1024 * 1024 },
    instructionsPerTick: 40,
  },
  exactMachine: {
    id: 'microbit',
    emulator: 'qemu-system-arm',
    arguments: ['-M', 'microbit'],
    family: 'cortex-m',
    flash: { origin: 0x0, length: 256 * 1024 },
    ram: { origin: 0x20000000, length: 16 * 1024 },
    instructionsPerTick: 62.5,
  },
};
