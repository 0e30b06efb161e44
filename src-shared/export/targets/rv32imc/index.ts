import type { Target } from '../types.ts';

export const rv32imc: Target = {
  id: 'rv32imc',
  title: 'RISC-V RV32IMC',
  description: '32-bit RISC-V microcontrollers, e.g. ESP32-C3 and GD32VF103.',
  compiler: 'riscv64-unknown-elf-gcc',
  flags: ['-march=rv32imc', '-mabi=ilp32', '-mcmodel=medany', '--specs=picolibc.specs'],
  machine: {
    id: 'virt-rv32',
    emulator: 'qemu-system-riscv32',
    arguments: ['-M', 'virt', '-bios', 'none'],
    family: 'rv32',
    flash: { origin: 0x80000000, length: 8 * 1024 * 1024 },
    ram: { origin: 0x80800000, length: 8 * 1024 * 1024 },
    instructionsPerTick: 1,
  },
};
