import { existsSync } from 'node:fs';
import '@tensorflow/tfjs-backend-cpu';
import { tf, useBackend } from '#main/backends/tfjs.ts';
import { wasm } from '#main/backends/wasm/index.ts';
import { webgpu } from '#main/backends/webgpu/index.ts';

export { tf };

export interface TestBackend {
  id: 'cpu' | 'wasm' | 'webgpu';
  activate(): Promise<void>;
}

/** Debian's Chromium brings a software Vulkan driver: slow, but enough for correctness on small shapes. */
const SOFTWARE_DRIVER = '/usr/lib/chromium/vk_swiftshader_icd.json';
if (!process.env.VK_DRIVER_FILES && existsSync(SOFTWARE_DRIVER))
  process.env.VK_DRIVER_FILES = SOFTWARE_DRIVER;

const webgpuProbe = await webgpu.probe();

/** Back ends on which numerical code is tested; WebGPU where Dawn finds an adapter, be it a software one. */
export const TEST_BACKENDS: readonly TestBackend[] = [
  {
    id: 'cpu',
    activate: async () => {
      await useBackend('cpu');
      Object.assign(tf.backend(), { firstUse: false });
    },
  },
  { id: 'wasm', activate: () => wasm.activate() },
  ...(webgpuProbe.available ? [{ id: 'webgpu' as const, activate: () => webgpu.activate() }] : []),
];

/** Why WebGPU is not among them, for the title of a skipped test; null where it is. */
export const WEBGPU_MISSING = webgpuProbe.available
  ? null
  : `${webgpuProbe.reason ?? ''}; without a GPU: apt install chromium libvulkan1`;
