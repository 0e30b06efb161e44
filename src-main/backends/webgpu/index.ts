import { WebGPUBackend } from '@tensorflow/tfjs-backend-webgpu';
import { messageOf } from '#shared/base/errors.ts';
import { tf, useBackend } from '../tfjs.ts';
import { missing, type BackEnd, type Probe } from '../types.ts';

const DRIVER =
  'install your graphics driver with Vulkan support (Linux: the vendor’s driver and the Vulkan loader; on Windows and ' +
  'macOS it comes with the driver and the system)';

/** Adapters that compute on the processor. */
const SOFTWARE = /swiftshader|llvmpipe|software|basic render/i;

let known: GPUAdapter | null = null;

/** Dawn's GPU object has to outlive everything that came from it, so the module keeps it. */
let gpu: GPU | null = null;

async function findAdapter(): Promise<GPUAdapter | null> {
  if (known) return known;
  const dawn = await import('webgpu');
  // TensorFlow.js looks for WebGPU where a browser has it.
  Object.assign(globalThis, dawn.globals);
  gpu ??= dawn.create([]);
  Object.defineProperty(globalThis.navigator, 'gpu', { value: gpu, configurable: true });
  known = await gpu.requestAdapter({ powerPreference: 'high-performance' });
  return known;
}

function describe(info: GPUAdapterInfo): string {
  return (
    info.description || info.device || [info.vendor, info.architecture].filter(Boolean).join(' ') || 'GPU'
  );
}

/** Any GPU with Vulkan, Metal or Direct3D 12, through Dawn. */
export const webgpu: BackEnd = {
  id: 'webgpu',
  title: 'WebGPU (Dawn)',
  probe: async (): Promise<Probe> => {
    try {
      const found = await findAdapter();
      if (!found) return missing('Dawn finds no graphics adapter', DRIVER);
      const name = describe(found.info);
      const software = SOFTWARE.test(`${name} ${found.info.vendor} ${found.info.architecture}`);
      return { available: true, name, reason: null, remedy: null, software };
    } catch (error) {
      return missing(
        `Dawn cannot be loaded: ${messageOf(error)}`,
        'reinstall with `npm ci`, or use the wasm back end',
      );
    }
  },
  activate: async () => {
    // An adapter gives one device in its life, so the back end is made once and then switched to.
    if (!tf.findBackendFactory('webgpu')) {
      const found = await findAdapter();
      if (!found) throw new Error('Dawn finds no graphics adapter');
      const device = await requestDevice(found);
      tf.registerBackend('webgpu', () => new WebGPUBackend(device, found.info));
    }
    await useBackend('webgpu');
  },
};

/** A device with the adapter's own limits: the defaults are those of a phone. */
function requestDevice(adapter: GPUAdapter): Promise<GPUDevice> {
  const { limits } = adapter;
  return adapter.requestDevice({
    requiredLimits: {
      maxComputeWorkgroupStorageSize: limits.maxComputeWorkgroupStorageSize,
      maxComputeWorkgroupsPerDimension: limits.maxComputeWorkgroupsPerDimension,
      maxStorageBufferBindingSize: limits.maxStorageBufferBindingSize,
      maxBufferSize: limits.maxBufferSize,
      maxComputeWorkgroupSizeX: limits.maxComputeWorkgroupSizeX,
      maxComputeInvocationsPerWorkgroup: limits.maxComputeInvocationsPerWorkgroup,
    },
  });
}
