import type { z } from 'zod';
import { checkWith, nearest, type SchemaIssue } from '../../base/schema.ts';
import { INPUT } from '../infer-layer.ts';
import { LAYER_KINDS } from '../layers/registry.ts';
import type { LayerSpecBase } from '../types.ts';
import type { ModelProblem } from './types.ts';

/** One entry of `layers` by itself, before anything is known of the others. */
export interface ReadLayer {
  index: number;
  id: string;
  kind: string;
  /** Null where a field is wrong. */
  spec: LayerSpecBase | null;
  /** Names of the layers that it reads; one that names none follows the entry before it. */
  inputs: readonly string[];
  /** Whether its inputs are implied by its place. */
  follows: boolean;
  problems: ModelProblem[];
}

/** Reads the entries of a list, however wrong they are. */
export function readLayers(entries: readonly unknown[]): ReadLayer[] {
  const layers: ReadLayer[] = [];
  entries.forEach((entry, index) => layers.push(readLayer(entry, index, layers[index - 1])));
  return layers;
}

function readLayer(entry: unknown, index: number, before: ReadLayer | undefined): ReadLayer {
  const [id, kind] = [textOf(entry, 'id'), textOf(entry, 'kind')];
  const named = fieldOf(entry, 'inputs');
  const follows = !Array.isArray(named);
  const inputs = follows
    ? [before?.id ?? INPUT]
    : named.map((name) => (typeof name === 'string' ? name : ''));
  const { spec, problems } = checkEntry(entry, { index, id, kind });
  return { index, id, kind, spec, inputs, follows, problems };
}

function checkEntry(
  entry: unknown,
  layer: Pick<ReadLayer, 'index' | 'id' | 'kind'>,
): Pick<ReadLayer, 'spec' | 'problems'> {
  const found = LAYER_KINDS.find((candidate) => candidate.kind === layer.kind);
  if (!found) return { spec: null, problems: [unknownKind(entry, layer)] };
  const checked = checkWith(found.schema as unknown as z.ZodType<LayerSpecBase>, entry);
  if ('value' in checked) return { spec: checked.value, problems: [] };
  return { spec: null, problems: checked.issues.map((issue) => fieldProblem(issue, layer)) };
}

function fieldProblem(
  { text, keys }: SchemaIssue,
  { index, id, kind }: Pick<ReadLayer, 'index' | 'id' | 'kind'>,
): ModelProblem {
  return {
    origin: 'field',
    message: `${titleOf(index, id, kind)}: ${text}`,
    layer: id,
    index,
    field: keys,
  };
}

function unknownKind(entry: unknown, layer: Pick<ReadLayer, 'index' | 'id' | 'kind'>): ModelProblem {
  const { index, id, kind } = layer;
  const kinds = LAYER_KINDS.map((candidate) => candidate.kind);
  if (entry === null || typeof entry !== 'object' || Array.isArray(entry)) {
    const message = `layer ${index + 1} is ${JSON.stringify(entry) ?? 'missing'}; a layer is an object with "id" and "kind"`;
    return { origin: 'field', message, layer: '', index };
  }
  const close = nearest(kind, kinds);
  const message =
    `${titleOf(index, id, '')}: ` +
    (kind === '' ? '"kind" is missing.' : `"kind" is "${kind}", which is not known here.`) +
    (close ? ` Did you mean "${close}"?` : '') +
    ` Allowed: ${kinds.join(', ')}.`;
  return { origin: 'field', message, layer: id, index, field: ['kind'] };
}

function titleOf(index: number, id: string, kind: string): string {
  const name = id === '' ? `layer ${index + 1}` : `layer "${id}"`;
  return kind === '' ? name : `${name} (${kind})`;
}

function fieldOf(entry: unknown, key: string): unknown {
  return entry !== null && typeof entry === 'object' ? Reflect.get(entry, key) : undefined;
}

function textOf(entry: unknown, key: string): string {
  const value = fieldOf(entry, key);
  return typeof value === 'string' ? value : '';
}
