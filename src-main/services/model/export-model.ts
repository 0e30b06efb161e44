import { parseWith } from '#shared/base/schema.ts';
import type { ModelSource, MODEL_FORMATS } from '#shared/contract/api/model.ts';
import type { TrainedGraph } from '#shared/export/trained-graph.ts';
import { statedSpec } from '#shared/model/qonnx/stated-spec.ts';
import { writeModel } from '#shared/model/qonnx/write/write-model.ts';
import { resolveModel, type ResolvedModel } from '#shared/model/resolve.ts';
import { ModelSpecSchema } from '#shared/model/spec.ts';
import { buildTrainedGraph } from '#shared/model/trained.ts';
import { initialValues } from '#shared/model/variables.ts';
import { RunConfigSchema } from '#shared/run/config.ts';
import { encodeModel } from './encode.ts';

/** A network with the numbers of a checkpoint. */
export interface TrainedNetwork {
  graph: TrainedGraph;
  model: ResolvedModel;
  run: string;
  checkpoint: string;
}

/** A file to be written. */
export interface ModelFile {
  name: string;
  bytes: Uint8Array;
  notes: string[];
}

interface ExportRequest {
  source: ModelSource;
  format: (typeof MODEL_FORMATS)[number];
  version: string;
  trained(run: string, checkpoint: string | undefined): TrainedNetwork;
}

/**
 * A network as a file.
 *
 * @throws BitsmithError `invalid-input` for a draft that is no sound network, `not-found` for a run or checkpoint
 */
export function exportModel({ source, format, version, trained }: ExportRequest): ModelFile {
  if (source.kind === 'run') return exportTrained(trained(source.run, source.checkpoint), format, version);
  const model = resolveDraft(source);
  if (format === 'json') return jsonFile(model);
  const channels = model.inputShape[2] ?? 1;
  const plain = { zero: Array.from({ length: channels }, () => 0), scale: 1 };
  const graph = buildTrainedGraph(model, initialValues(model, source.seed), plain);
  const notes = [
    `Not trained: weights are the first ones of seed ${source.seed}, and the input is a sample that the data set has normalised.`,
  ];
  const documentation = 'Network of Bitsmith before training.';
  const written = writeModel(graph, model, { input: 'normalized', version, documentation });
  return {
    name: fileName(model, 'onnx'),
    bytes: encodeModel(written.model),
    notes: [...notes, ...written.notes],
  };
}

function resolveDraft({ model, quantization }: Extract<ModelSource, { kind: 'draft' }>): ResolvedModel {
  const spec = parseWith(ModelSpecSchema, model, 'the network');
  const rules = parseWith(RunConfigSchema.shape.quantization, quantization ?? {}, 'the quantization');
  return resolveModel(spec, rules);
}

function exportTrained(
  { graph, model, run, checkpoint }: TrainedNetwork,
  format: ExportRequest['format'],
  version: string,
): ModelFile {
  if (format === 'json') return jsonFile(model);
  const documentation = `Network of Bitsmith, run ${run}, checkpoint ${checkpoint}. The input is a raw sample, 0 … 255.`;
  const written = writeModel(graph, model, { input: 'bytes', version, documentation });
  const notes = ['The input is a raw sample, numbers from 0 to 255; the file normalises it.'];
  return {
    name: fileName(model, 'onnx'),
    bytes: encodeModel(written.model),
    notes: [...notes, ...written.notes],
  };
}

function jsonFile(model: ResolvedModel): ModelFile {
  const text = `${JSON.stringify(statedSpec(model), null, 2)}\n`;
  return {
    name: fileName(model, 'json'),
    bytes: Buffer.from(text),
    notes: ['Every layer names its own methods. Weights are in the QONNX file only.'],
  };
}

function fileName({ name }: ResolvedModel, extension: string): string {
  const plain = name
    .trim()
    .toLowerCase()
    .replace(/[^a-z0-9._-]+/g, '-')
    .replace(/^[-.]+|-+$/g, '');
  return `${plain || 'network'}.${extension}`;
}
