import type { Target } from '../types.ts';

export const cortexM7: Target = {
  id: 'cortex-m7',
  title: 'Arm Cortex-M7',
  description: 'Fast dual-issue cores, e.g. STM32H7 and i.MX RT.',
  compiler: 'arm-none-eabi-gcc',
  flags: ['-mcpu=cortex-m7', '-mthumb', '-mfloat-abi=soft'],
  machine: {
    id: 'mps2-an500',
    emulator: 'qemu-system-arm',
    arguments: ['-M', 'mps2-an500'],
    family: 'cortex-m',
    flash: { origin: 0x0, length: 4 * 1024 * 1024 },
    ram: { origin: 0x20000000, length: 4 * 1024 * 1024 },
    instructionsPerTick: 40,
  },
};
