import { alexnet } from './alexnet.ts';
import { alexnetCifar } from './alexnet-cifar.ts';
import { biReal18 } from './bi-real-18.ts';
import { bnnCifar } from './bnn-cifar.ts';
import { bnnMnist } from './bnn-mnist.ts';
import { cnv } from './cnv.ts';
import { dorefaNet } from './dorefa-net.ts';
import { dsCnn } from './ds-cnn.ts';
import { gxnorCifar } from './gxnor-cifar.ts';
import { gxnorMnist } from './gxnor-mnist.ts';
import { lenetSmall } from './lenet-small.ts';
import { lenetStrided } from './lenet-strided.ts';
import { lenet5 } from './lenet5.ts';
import { mlp3 } from './mlp3.ts';
import { mobilenetV1 } from './mobilenet-v1.ts';
import { nin } from './nin.ts';
import { rebnetMnist } from './rebnet-mnist.ts';
import { resnet18 } from './resnet18.ts';
import { resnet20 } from './resnet20.ts';
import { resnet32 } from './resnet32.ts';
import { resnet34 } from './resnet34.ts';
import { resnet44 } from './resnet44.ts';
import { resnet50 } from './resnet50.ts';
import { resnet56 } from './resnet56.ts';
import { resnet8 } from './resnet8.ts';
import { vggSmall } from './vgg-small.ts';
import type { ModelPreset } from './types.ts';

/** Every ready-made network, small ones first. A new one: its file here, and one line in this list. */
export const MODEL_PRESETS: readonly ModelPreset[] = [
  lenetSmall,
  lenetStrided,
  lenet5,
  mlp3,
  gxnorMnist,
  bnnMnist,
  rebnetMnist,
  vggSmall,
  bnnCifar,
  gxnorCifar,
  cnv,
  nin,
  alexnetCifar,
  dorefaNet,
  resnet20,
  resnet32,
  resnet44,
  resnet56,
  resnet8,
  dsCnn,
  mobilenetV1,
  alexnet,
  resnet18,
  resnet34,
  resnet50,
  biReal18,
];
