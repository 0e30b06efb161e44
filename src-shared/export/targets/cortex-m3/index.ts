import type { Target } from '../types.ts';

export const cortexM3: Target = {
  id: 'cortex-m3',
  title: 'Arm Cortex-M3',
  description: 'Cores without signal-processing instructions, e.g. STM32F1.',
  compiler: 'arm-none-eabi-gcc',
  flags: ['-mcpu=cortex-m3', '-mthumb', '-mfloat-abi=soft'],
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
