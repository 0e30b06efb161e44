import { readdirSync } from 'node:fs';
import { afterEach, describe, expect, it } from 'vitest';
import {
  getKernel,
  registerKernel,
  unregisterKernel,
  type KernelConfig,
  type TensorInfo,
} from '@tensorflow/tfjs-core';
import { backEndOf, probeDevice } from '#main/backends/devices.ts';
import { BACK_ENDS } from '#main/backends/registry.ts';
import { probeTruth } from '#main/backends/truth-probe.ts';
import { wasm } from '#main/backends/wasm/index.ts';
import { webgpu } from '#main/backends/webgpu/index.ts';
import { TEST_BACKENDS, WEBGPU_MISSING, tf } from '#test/support/tensorflow.ts';

describe('registry of back ends', () => {
  it('lists every folder', () => {
    const folders = readdirSync('src-main/backends', { withFileTypes: true })
      .filter((entry) => entry.isDirectory())
      .map((entry) => entry.name);
    expect(BACK_ENDS.map(({ id }) => id).sort()).toEqual(folders.sort());
  });

  it('refuses an unknown device by name and says what is allowed', () => {
    expect(() => backEndOf('cuda')).toThrow(
      /device "cuda" is not known; allowed: auto, tensorflow, webgpu, wasm/,
    );
  });
});

describe('truth probe', () => {
  it('passes wasm, and leaves nothing behind', async () => {
    await probeTruth(wasm);
    const before = tf.memory().numTensors;
    const probe = await probeTruth(wasm);
    expect(probe.checks.filter(({ passed }) => !passed)).toEqual([]);
    expect(probe.checks.length).toBeGreaterThan(8);
    expect(tf.memory().numTensors).toBe(before);
  });

  it.skipIf(WEBGPU_MISSING)(
    `passes webgpu${WEBGPU_MISSING ? ` (skipped: ${WEBGPU_MISSING})` : ''}`,
    async () => {
      // Twice: a run's process probes a back end, measures it, and switches back and forth.
      for (let i = 0; i < 2; i++) {
        const probe = await probeTruth(webgpu);
        expect(probe.checks.filter(({ passed }) => !passed)).toEqual([]);
      }
    },
  );

  describe('with a kernel that computes wrong numbers', () => {
    let saved: KernelConfig | undefined;
    afterEach(() => {
      if (!saved) return;
      unregisterKernel(saved.kernelName, 'wasm');
      registerKernel(saved);
      saved = undefined;
    });

    function breakKernel(name: string, change: (values: Float32Array) => void): void {
      const kernel = getKernel(name, 'wasm');
      saved = { ...kernel, kernelName: name, backendName: 'wasm' };
      unregisterKernel(name, 'wasm');
      registerKernel({
        ...saved,
        kernelFunc: (input) => {
          const info = kernel.kernelFunc(input) as TensorInfo;
          const backend = input.backend as {
            dataIdMap: { get(id: object): { memoryOffset: number } };
            wasm: { HEAPF32: Float32Array };
          };
          const { memoryOffset } = backend.dataIdMap.get(info.dataId);
          const size = info.shape.reduce((p, n) => p * n, 1);
          change(backend.wasm.HEAPF32.subarray(memoryOffset / 4, memoryOffset / 4 + size));
          return info;
        },
      });
    }

    it.each([
      ['Conv2DBackpropFilter', /conv2d/],
      ['MaxPoolGrad', /max pooling/],
      ['DepthwiseConv2dNativeBackpropInput', /depthwise/],
    ])('refuses the back end and names the operation: %s', async (name, operation) => {
      await wasm.activate();
      breakKernel(name, (values) => {
        values[0] = (values[0] ?? 0) + 0.01;
      });
      const device = await probeDevice(wasm);
      expect(device.available).toBe(false);
      expect(device.reason).toMatch(operation);
      expect(device.remedy).not.toBeNull();
    });
  });
});

describe('probe', () => {
  it('gives a reason and a remedy for whatever is missing', async () => {
    for (const backEnd of BACK_ENDS) {
      const probe = await backEnd.probe();
      if (probe.available) expect(probe.name).toBeTruthy();
      else expect([probe.reason, probe.remedy].every(Boolean)).toBe(true);
    }
    expect(TEST_BACKENDS.some(({ id }) => id === 'wasm')).toBe(true);
  });
});
