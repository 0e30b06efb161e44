import { z } from 'zod';
import { BitsmithError } from '../../base/errors.ts';
import { parseWith } from '../../base/schema.ts';
import { InputFeatureSchema } from '../../contract/api/dataset.ts';
import { SoundFeaturesSchema } from '../../dataset/sound/spec.ts';
import { BundleLayerSchema, FORMAT_IDS, TARGET_IDS } from '../../contract/api/export.ts';
import type { IntegerGraph } from '../ir/graph.ts';
import { graphFromJson, graphToJson } from '../ir/json.ts';
import { GraphJsonSchema } from '../ir/schema.ts';
import { PlanOptionsSchema } from '../plan/options.ts';
import { ARENA_ALIGNMENT } from '../plan/types.ts';
import { tableBytes, tablesOf } from './weights.ts';
import type { BundleFile, Emission } from './types.ts';

/** `manifest.json`: everything about a bundle, from which alone it can be verified again. */
export const ManifestSchema = z.strictObject({
  bitsmith: z.strictObject({ manifest: z.literal(1), version: z.string() }),
  name: z.string(),
  /** Part of file names and of every symbol. */
  identifier: z.string().regex(/^[a-z][a-z0-9_]*$/),
  target: z.enum(TARGET_IDS),
  format: z.enum(FORMAT_IDS),
  compiler: z.strictObject({ program: z.string(), flags: z.array(z.string()) }),
  provenance: z.strictObject({
    run: z.string(),
    checkpoint: z.string(),
    checkpointSha256: z.string(),
    configHash: z.string(),
    dataset: z.string(),
    datasetSha256: z.string(),
    seed: z.number(),
    accuracy: z.number().nullable(),
    classes: z.array(z.string()),
    features: z.array(InputFeatureSchema).optional(),
    sound: SoundFeaturesSchema.optional(),
  }),
  weightBytes: z.int(),
  arenaBytes: z.int(),
  arenaAlignment: z.int(),
  goldenSamples: z.int(),
  layers: z.array(BundleLayerSchema),
  options: PlanOptionsSchema.prefault({}),
  graph: GraphJsonSchema,
});
export type Manifest = Omit<z.output<typeof ManifestSchema>, 'graph'> & { graph: IntegerGraph };

/** The facts of every layer as the contract wants them. */
export function layerFacts({ plan }: Pick<Emission, 'plan'>): z.output<typeof BundleLayerSchema>[] {
  return plan.layers.map(
    ({ id, kind, shape, kernel, packing, weightBytes, macs, nonzeros, estimate, alternatives }) => ({
      id,
      kind,
      shape: [...shape],
      kernel,
      packing,
      weightBytes,
      macs,
      nonzeros,
      estimate,
      alternatives: alternatives.map((one) => ({ ...one })),
    }),
  );
}

export function manifestFile(
  emission: Emission,
  format: (typeof FORMAT_IDS)[number],
  flags: readonly string[],
): BundleFile {
  const { appVersion, classes, features, ...origin } = emission.provenance;
  const manifest: z.input<typeof ManifestSchema> = {
    bitsmith: { manifest: 1, version: appVersion },
    name: emission.graph.name,
    identifier: emission.name,
    target: emission.target.id,
    format,
    compiler: { program: emission.target.compiler, flags: [...flags, ...emission.target.flags] },
    provenance: { ...origin, classes: [...classes], ...(features ? { features: [...features] } : {}) },
    weightBytes: tableBytes(tablesOf(emission)),
    arenaBytes: emission.plan.arenaBytes,
    arenaAlignment: ARENA_ALIGNMENT,
    goldenSamples: emission.golden.length,
    layers: layerFacts(emission),
    options: emission.options,
    graph: graphToJson(emission.graph),
  };
  return { path: 'manifest.json', content: `${JSON.stringify(manifest, null, 2)}\n` };
}

/**
 * Reads a manifest's text.
 *
 * @throws BitsmithError `corrupt` when it is no JSON, `invalid-input` naming the field that does not fit
 */
export function parseManifest(text: string, what: string): Manifest {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new BitsmithError('corrupt', `${what} is not JSON: ${error instanceof Error ? error.message : ''}`);
  }
  const manifest = parseWith(ManifestSchema, value, what);
  return { ...manifest, graph: graphFromJson(manifest.graph, what) };
}
