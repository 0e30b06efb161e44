import { getKernel, type KernelBackend, type NamedAttrMap, type TensorInfo } from '@tensorflow/tfjs-core';

/** What the wasm back end offers to kernels that are made of other kernels. */
export interface WasmBackend extends KernelBackend {
  disposeData(dataId: object): boolean;
}

/**
 * Runs kernels of the wasm back end one after another and frees all their results but the one that is returned. A kernel
 * made of kernels works below the tape and below `tf.tidy`, so it must free by hand.
 */
export function compose(backend: unknown, work: (call: Call) => TensorInfo): TensorInfo {
  const made: TensorInfo[] = [];
  const call: Call = (name, inputs, attrs) => {
    const kernel = getKernel(name, 'wasm');
    if (!kernel) throw new Error(`the wasm back end has no kernel ${name}`);
    const result = kernel.kernelFunc({
      inputs: inputs as Record<string, TensorInfo>,
      attrs: attrs as NamedAttrMap,
      backend: backend as object,
    });
    if (Array.isArray(result)) throw new Error(`kernel ${name} gives several tensors`);
    made.push(result);
    return result;
  };
  const result = work(call);
  const memory = backend as WasmBackend;
  for (const info of made) if (info.dataId !== result.dataId) memory.disposeData(info.dataId);
  // Reshape and Identity share their input's data and count it once more: take the extra counts back.
  const shared = made.filter((info) => info.dataId === result.dataId).length;
  for (let i = 1; i < shared; i++) memory.disposeData(result.dataId);
  return result;
}

export type Call = (
  name: string,
  inputs: Record<string, TensorInfo> | TensorInfo[],
  attrs: object,
) => TensorInfo;

/** The `pad` attribute for explicit padding of height and width, NHWC. */
export function explicitPad(top: number, bottom: number, left: number, right: number) {
  return [
    [0, 0],
    [top, bottom],
    [left, right],
    [0, 0],
  ];
}

/** Inserts s−1 zeros after each row and column: [b, h, w, c] → [b, h·sh, w·sw, c]. */
export function insertZeros(call: Call, x: TensorInfo, [sh, sw]: readonly [number, number]): TensorInfo {
  const [b = 1, h = 1, w = 1, c = 1] = x.shape;
  let rows = x;
  if (sh > 1) {
    const flat = call('Reshape', { x }, { shape: [b * h, 1, w * c] });
    rows = call(
      'PadV2',
      { x: flat },
      {
        paddings: [
          [0, 0],
          [0, sh - 1],
          [0, 0],
        ],
        constantValue: 0,
      },
    );
  }
  let columns = rows;
  if (sw > 1) {
    const flat = call('Reshape', { x: rows }, { shape: [b * h * sh * w, 1, c] });
    columns = call(
      'PadV2',
      { x: flat },
      {
        paddings: [
          [0, 0],
          [0, sw - 1],
          [0, 0],
        ],
        constantValue: 0,
      },
    );
  }
  return sh > 1 || sw > 1 ? call('Reshape', { x: columns }, { shape: [b, h * sh, w * sw, c] }) : x;
}
