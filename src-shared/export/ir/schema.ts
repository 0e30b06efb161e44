import { z } from 'zod';

/** The JSON form of an integer graph, as it stands in a bundle's manifest. */
const dimension = z.int().min(1).max(65_535);
const int32 = z.int().min(-0x80000000).max(0x7fffffff);
const pair = z.tuple([dimension, dimension]);
const border = z.int().min(0).max(65_535);

const base = {
  id: z.string().min(1),
  inputs: z.array(z.string()).min(1),
  shape: z.array(z.int().min(1).max(0x7fffffff)).min(1).max(3),
  type: z.enum(['u8', 'i8', 'i32']),
  range: z.strictObject({ low: int32, high: int32 }),
};
const window = {
  kernel: pair,
  strides: pair,
  padding: z.strictObject({ top: border, left: border, bottom: border, right: border }),
};
const weights = z.strictObject({
  filters: z.int().min(1),
  taps: z.int().min(1),
  codes: z.union([z.strictObject({ ternary: z.string() }), z.strictObject({ hex: z.string() })]),
});

const NodeJsonSchema = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.enum(['conv2d', 'depthwise-conv2d']),
    ...base,
    ...window,
    dilation: pair,
    outside: z.literal(-1).optional(),
    weights,
  }),
  z.strictObject({ kind: z.literal('dense'), ...base, weights }),
  z.strictObject({ kind: z.enum(['max-pool', 'sum-pool']), ...base, ...window }),
  z.strictObject({ kind: z.literal('add'), ...base }),
  z.strictObject({
    kind: z.literal('threshold'),
    ...base,
    steps: z.int().min(1).max(255),
    values: z.array(int32),
    direction: z.array(z.union([z.literal(1), z.literal(-1)])),
    codes: z.array(z.int().min(-128).max(127)).min(2).max(256),
  }),
  z.strictObject({
    kind: z.literal('combine'),
    ...base,
    multipliers: z.array(z.array(int32)).min(1),
    bias: z.array(int32),
  }),
  z.strictObject({
    kind: z.literal('lookup'),
    ...base,
    low: z.int().min(-128).max(127),
    codes: z.array(z.int().min(-128).max(127)).min(1).max(256),
  }),
  z.strictObject({ kind: z.literal('flatten'), ...base }),
  z.strictObject({
    kind: z.literal('affine'),
    ...base,
    multipliers: z.array(z.array(int32)).min(1),
    bias: z.array(int32),
    exponent: z.int(),
  }),
]);
export type NodeJson = z.output<typeof NodeJsonSchema>;

export const GraphJsonSchema = z.strictObject({
  version: z.literal(1),
  name: z.string().min(1),
  input: z.strictObject({
    shape: z.array(z.int().min(1).max(0x7fffffff)).min(1).max(3),
    zero: z.array(z.int().min(0).max(255)),
  }),
  nodes: z.array(NodeJsonSchema).min(1),
  output: z.string(),
  classes: z.int().min(1),
});
export type GraphJson = z.output<typeof GraphJsonSchema>;
