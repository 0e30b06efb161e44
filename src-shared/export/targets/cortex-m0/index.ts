import type { Target } from '../types.ts';

export const cortexM0: Target = {
  id: 'cortex-m0',
  title: 'Arm Cortex-M0 and M0+',
  description:
    'The smallest Arm cores, e.g. RP2040 and STM32G0. Emulated on a Cortex-M3 board, of whose instructions they have a subset.',
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
};
