import type { Target } from '../types.ts';

export const cortexM33: Target = {
  id: 'cortex-m33',
  title: 'Arm Cortex-M33',
  description: 'Cores with TrustZone, e.g. RP2350, nRF53 and STM32U5.',
  compiler: 'arm-none-eabi-gcc',
  flags: ['-mcpu=cortex-m33', '-mthumb', '-mfloat-abi=soft'],
  machine: {
    id: 'mps2-an505',
    emulator: 'qemu-system-arm',
    arguments: ['-M', 'mps2-an505'],
    family: 'cortex-m',
    flash: { origin: 0x10000000, length: 4 * 1024 * 1024 },
    ram: { origin: 0x38000000, length: 4 * 1024 * 1024 },
    instructionsPerTick: 50,
  },
};
