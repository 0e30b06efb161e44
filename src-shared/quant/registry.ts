import { z } from 'zod';
import { bnn } from './methods/bnn/index.ts';
import { fullPrecision } from './methods/full-precision/index.ts';
import { gxnor } from './methods/gxnor/index.ts';
import { twn } from './methods/twn/index.ts';
import { multiLevelTernary } from './methods/multi-level-ternary/index.ts';
import { residualExpansion } from './methods/residual-expansion/index.ts';
import { ternaryStatistical } from './methods/ternary-statistical/index.ts';
import { tga } from './methods/tga/index.ts';
import { totNet } from './methods/tot-net/index.ts';
import { ttq } from './methods/ttq/index.ts';
import { abcNet } from './methods/abc-net/index.ts';
import { biReal } from './methods/bi-real/index.ts';
import { binaryConnect } from './methods/binary-connect/index.ts';
import { bnnPlus } from './methods/bnn-plus/index.ts';
import { rebnet } from './methods/rebnet/index.ts';
import { tbn } from './methods/tbn/index.ts';
import { xnorNet } from './methods/xnor-net/index.ts';
import { dorefa } from './methods/dorefa/index.ts';
import { hwgq } from './methods/hwgq/index.ts';
import { inq } from './methods/inq/index.ts';
import { int8 } from './methods/int8/index.ts';
import { lqNets } from './methods/lq-nets/index.ts';
import { lsq } from './methods/lsq/index.ts';
import type { ActivationSide, Method, MethodCard, WeightSide } from './types.ts';

/** Every quantization method. A new one: its folder in `methods/`, and one line here. */
export const METHODS: readonly Method[] = [
  fullPrecision,
  bnn,
  twn,
  gxnor,
  ttq,
  tga,
  ternaryStatistical,
  residualExpansion,
  totNet,
  multiLevelTernary,
  xnorNet,
  biReal,
  bnnPlus,
  binaryConnect,
  tbn,
  rebnet,
  abcNet,
  dorefa,
  lqNets,
  hwgq,
  inq,
  lsq,
  int8,
];

/** A method with its parameters, as a configuration names it: `{"method": "twn", "factor": 0.7}`. */
export interface MethodChoice {
  method: string;
  [parameter: string]: unknown;
}

function choiceSchema(side: 'weights' | 'activations'): z.ZodType<MethodChoice> {
  const options = METHODS.flatMap((method) => {
    const half = method[side];
    return half ? [half.parameters.extend({ method: z.literal(method.card.id) })] : [];
  });
  const [first, ...rest] = options;
  if (!first) throw new RangeError(`no method quantizes ${side}`);
  return z.discriminatedUnion('method', [first, ...rest]) as unknown as z.ZodType<MethodChoice>;
}

export const WeightChoiceSchema = choiceSchema('weights');
export const ActivationChoiceSchema = choiceSchema('activations');

/** The weight side of a choice that `WeightChoiceSchema` has checked. */
export function weightMethod(choice: MethodChoice): WeightSide & { card: MethodCard; bits: number } {
  const method = METHODS.find(({ card }) => card.id === choice.method);
  if (!method?.weights) throw new RangeError(`${choice.method} does not quantize weights`);
  const bits = method.weights.form.bits?.(choice) ?? method.card.bits.weights ?? 32;
  return { ...method.weights, card: method.card, bits };
}

/** The activation side of a choice that `ActivationChoiceSchema` has checked. */
export function activationMethod(choice: MethodChoice): ActivationSide & { card: MethodCard; bits: number } {
  const method = METHODS.find(({ card }) => card.id === choice.method);
  if (!method?.activations) throw new RangeError(`${choice.method} does not quantize activations`);
  const bits = method.activations.form.bits?.(choice) ?? method.card.bits.activations ?? 32;
  return { ...method.activations, card: method.card, bits };
}
