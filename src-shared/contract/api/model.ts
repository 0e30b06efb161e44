import { z } from 'zod';
import { call, type Feature } from '../api.ts';

/** Bytes of a model file in one message, at most. */
export const PIECE_BYTES = 4 * 1024 * 1024;
const piece = z.base64().max(Math.ceil(PIECE_BYTES / 3) * 4);
const transfer = z.string().regex(/^[a-z0-9-]{1,64}$/, 'must be lower-case letters, digits and hyphens');

export const MODEL_FORMATS = ['qonnx', 'json'] as const;

/** What a model file is made of: a network that is being edited, or a run with the weights of a checkpoint. */
export const ModelSourceSchema = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('draft'),
    /** The network, not a preset. */
    model: z.unknown(),
    quantization: z.unknown().optional(),
    seed: z.int().min(0).default(1),
  }),
  /** `checkpoint` absent: the final one, else the newest. */
  z.strictObject({ kind: z.literal('run'), run: z.string().min(1), checkpoint: z.string().optional() }),
]);
export type ModelSource = z.output<typeof ModelSourceSchema>;

export const ExportedModelSchema = z.strictObject({
  /** By which its bytes are fetched; kept until a few others were made. */
  download: z.string(),
  /** Suggested name of the file. */
  name: z.string(),
  bytes: z.int(),
  /** What a reader of the file should know. */
  notes: z.array(z.string()),
});

export const ImportedModelSchema = z.strictObject({
  /** The network as a specification. */
  spec: z.record(z.string(), z.unknown()),
  /** What of the file is not kept. */
  notes: z.array(z.string()),
});
export type ImportedModel = z.output<typeof ImportedModelSchema>;

export const modelApi = {
  /** Takes in a file piece by piece, in order; `upload` is a name that the caller makes up. */
  upload: call(z.strictObject({ upload: transfer, data: piece }), z.strictObject({ bytes: z.int() })),
  /** The network in an uploaded file, by its content: QONNX, ONNX or JSON. Its bytes are then forgotten. */
  import: call(z.strictObject({ upload: transfer, name: z.string().min(1).max(300) }), ImportedModelSchema),
  export: call(
    z.strictObject({ source: ModelSourceSchema, format: z.enum(MODEL_FORMATS) }),
    ExportedModelSchema,
  ),
  /** Bytes of an exported file from `from` on, as many as one message holds. */
  part: call(
    z.strictObject({ download: z.string(), from: z.int().min(0) }),
    z.strictObject({ data: z.base64() }),
  ),
} satisfies Feature;
