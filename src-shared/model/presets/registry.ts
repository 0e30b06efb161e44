import { gxnorMnist } from './gxnor-mnist.ts';
import { lenet5 } from './lenet5.ts';
import { lenetSmall } from './lenet-small.ts';
import { mlp3 } from './mlp3.ts';
import type { ModelPreset } from './types.ts';
import { vggSmall } from './vgg-small.ts';

/** Every ready-made network. A new one: its file here, and one line in this list. */
export const MODEL_PRESETS: readonly ModelPreset[] = [lenetSmall, lenet5, mlp3, gxnorMnist, vggSmall];
