import type { Target } from '../types.ts';

export const cortexM55: Target = {
  id: 'cortex-m55',
  title: 'Arm Cortex-M55',
  description: 'Cores with the Helium vector extension, e.g. Alif Ensemble.',
  compiler: 'arm-none-eabi-gcc',
  flags: ['-mcpu=cortex-m55', '-mthumb', '-mfloat-abi=hard'],
  vectors: true,
  machine: {
    id: 'mps3-an547',
    emulator: 'qemu-system-arm',
    arguments: ['-M', 'mps3-an547'],
    family: 'cortex-m',
    flash: { origin: 0x0, length: 512 * 1024 },
    ram: { origin: 0x01000000, length: 2 * 1024 * 1024 },
    instructionsPerTick: 31.25,
  },
};
