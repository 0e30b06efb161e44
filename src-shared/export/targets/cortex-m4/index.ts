import type { Target } from '../types.ts';

export const cortexM4: Target = {
  id: 'cortex-m4',
  title: 'Arm Cortex-M4',
  description: 'The most common microcontroller core, e.g. STM32F4, nRF52.',
  compiler: 'arm-none-eabi-gcc',
  flags: ['-mcpu=cortex-m4', '-mthumb', '-mfloat-abi=soft'],
  machine: {
    id: 'mps2-an386',
    emulator: 'qemu-system-arm',
    arguments: ['-M', 'mps2-an386'],
    family: 'cortex-m',
    flash: { origin: 0x0, length: 4 * 1024 * 1024 },
    ram: { origin: 0x20000000, length: 4 * 1024 * 1024 },
    instructionsPerTick: 40,
  },
};
