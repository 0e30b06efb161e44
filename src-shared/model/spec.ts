import { z } from 'zod';
import { LAYER_KINDS } from './layers/registry.ts';
import type { LayerSpecBase } from './types.ts';

const [first, ...rest] = LAYER_KINDS.map(({ schema }) => schema);
if (!first) throw new RangeError('no layer kinds');

export const LayerSpecSchema = z.discriminatedUnion('kind', [
  first,
  ...rest,
]) as unknown as z.ZodType<LayerSpecBase>;

const size = z.int().min(1).max(4096);

/**
 * A network as JSON: a graph of layers. A layer without `inputs` follows the layer before it; the last layer's value is
 * the network's output (one logit per class). `input` names the samples.
 */
export const ModelSpecSchema = z.strictObject({
  version: z.literal(1),
  name: z.string().min(1).max(100),
  input: z.strictObject({ shape: z.tuple([size, size, size]) }),
  layers: z.array(LayerSpecSchema).min(1).max(1000),
});
export type ModelSpec = z.output<typeof ModelSpecSchema>;
