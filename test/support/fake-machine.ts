import type { Diagnostics } from '#shared/contract/api/app.ts';
import type { BenchmarkResult } from '#shared/contract/api/device.ts';

/** What a believable machine says of itself. */
export const FAKE_DIAGNOSTICS: Diagnostics = {
  programs: [
    { id: 'gcc', version: '12.2.0', path: '/usr/bin/gcc', remedy: null },
    { id: 'clang', version: null, path: null, remedy: 'apt install clang' },
    { id: 'arm-none-eabi-gcc', version: '12.2.1', path: '/usr/bin/arm-none-eabi-gcc', remedy: null },
    { id: 'qemu-system-arm', version: null, path: null, remedy: 'apt install qemu-system-arm' },
  ],
  sizes: [
    { name: 'Runs', path: '/home/ada/.local/share/bitsmith/runs', bytes: 812_345_678 },
    { name: 'Data sets', path: '/home/ada/.local/share/bitsmith/datasets', bytes: 241_000_000 },
    { name: 'Firmware bundles', path: '/home/ada/.local/share/bitsmith/bundles', bytes: 3_400_000 },
    { name: 'Store', path: '/home/ada/.local/share/bitsmith/bitsmith.db', bytes: 18_000_000 },
    { name: 'Logs', path: '/home/ada/.local/share/bitsmith/logs', bytes: 52_000 },
  ],
  memory: { total: 64 * 2 ** 30, free: 41 * 2 ** 30 },
  processors: '16 × AMD EPYC 9554 64-Core Processor',
  logFolder: '/home/ada/.local/share/bitsmith/logs',
  log: [
    '2026-06-01T09:00:00.000Z info [host] started, version 0.1.0, data folder /home/ada/.local/share/bitsmith',
    '2026-06-01T09:01:12.000Z info [job 0x1] epoch 1 of 5 done',
  ],
};

const row = { device: 'webgpu', deviceName: 'NVIDIA H200', network: 'lenet5', batchSize: 100 };
export const FAKE_BENCHMARK: BenchmarkResult = {
  rows: [
    {
      ...row,
      weights: 'full-precision',
      activations: 'full-precision',
      stepsPerSecond: 91,
      samplesPerSecond: 9100,
      ratio: 1,
      convolutions: 1,
    },
    {
      ...row,
      weights: 'twn',
      activations: 'gxnor',
      stepsPerSecond: 74,
      samplesPerSecond: 7400,
      ratio: 1.23,
      convolutions: 1,
    },
  ],
  failed: ['the process that measures wasm was ended by SIGKILL'],
};
