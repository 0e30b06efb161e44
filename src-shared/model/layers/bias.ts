import type { VariableSpec } from '../../quant/types.ts';

/** The bias of a layer that has one: a zero per output channel, in full precision. */
export function biasVariable(present: boolean, channels: number): VariableSpec[] {
  if (!present) return [];
  return [
    {
      name: 'bias',
      shape: [channels],
      trainable: true,
      decay: false,
      initial: { kind: 'constant', value: 0 },
    },
  ];
}
