import { tensorflow } from './tensorflow/index.ts';
import type { BackEnd } from './types.ts';
import { wasm } from './wasm/index.ts';
import { webgpu } from './webgpu/index.ts';

/** Every back end, in the order in which they are tried. A new one: its folder here, and one line in this list. */
export const BACK_ENDS: readonly BackEnd[] = [tensorflow, webgpu, wasm];
