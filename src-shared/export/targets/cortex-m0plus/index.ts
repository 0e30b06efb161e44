import type { Target } from '../types.ts';

export const cortexM0Plus: Target = {
  id: 'cortex-m0plus',
  title: 'Arm Cortex-M0+',
  description:
    'Small Arm cores, e.g. RP2040, STM32G0 and SAM D21. Emulated on a Cortex-M3 board, of whose instructions it has a subset.',
  compiler: 'arm-none-eabi-gcc',
  flags: ['-mcpu=cortex-m0plus', '-mthumb', '-mfloat-abi=soft'],
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
