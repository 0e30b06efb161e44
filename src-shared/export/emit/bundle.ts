import type { IntegerGraph } from '../ir/graph.ts';
import { planGraph } from '../plan/plan.ts';
import type { Format } from '../formats/types.ts';
import type { Target } from '../targets/types.ts';
import { checksumsFile } from './checksums.ts';
import { exampleFile } from './example.ts';
import { COMPILE_FLAGS } from './flags.ts';
import { goldenFiles, goldenVectors } from './golden.ts';
import { toIdentifier, uniqueIdentifiers } from './identifier.ts';
import { layerFacts, manifestFile } from './manifest.ts';
import { networkAdapter, networkHeader } from './network-header.ts';
import { networkSource } from './network-source.ts';
import { platformFiles } from './platform.ts';
import { readmeFile } from './readme.ts';
import { harnessFiles, runtimeFiles } from './runtime-files.ts';
import { tableBytes, tablesOf, weightFiles } from './weights.ts';
import type { BundleFile, Emission, Provenance } from './types.ts';

export interface BundleRequest {
  graph: IntegerGraph;
  target: Target;
  format: Format;
  provenance: Provenance;
  /** At least one; the first is the example's. */
  goldenSamples: readonly Uint8Array[];
  runtime: readonly BundleFile[];
  licence: string;
  sha256: (text: string) => string;
}
export interface EmittedBundle {
  /** C identifier of the network. */
  name: string;
  files: BundleFile[];
  weightBytes: number;
  arenaBytes: number;
  layers: ReturnType<typeof layerFacts>;
}

/**
 * All files of a bundle as text. Pure: the same request gives the same bytes.
 *
 * @throws BitsmithError `unsupported` when no kernel can compute a layer
 */
export function emitBundle(request: BundleRequest): EmittedBundle {
  const { graph, target, format, provenance } = request;
  const plan = planGraph(graph);
  const name = toIdentifier(graph.name);
  const emission: Emission = {
    name,
    upper: name.toUpperCase(),
    graph,
    plan,
    symbols: uniqueIdentifiers(
      plan.steps.map((step) => step.id),
      'layer',
    ),
    target,
    provenance,
    golden: goldenVectors(graph, plan, request.goldenSamples),
    runtime: request.runtime,
    licence: request.licence,
  };
  const parts: BundleFile[] = [
    networkHeader(emission),
    networkSource(emission),
    ...weightFiles(emission),
    ...runtimeFiles(emission),
    ...harnessFiles(emission),
    networkAdapter(emission),
    ...goldenFiles(emission),
    exampleFile(emission),
    ...(target.machine ? platformFiles(target.machine, request.runtime) : []),
    { path: 'LICENSE', content: request.licence },
    readmeFile(emission, format.usage(emission)),
    manifestFile(emission, format.id, COMPILE_FLAGS),
  ];
  const arranged = format.arrange(parts, emission, COMPILE_FLAGS);
  const files = [...arranged, checksumsFile(arranged, request.sha256)].toSorted((a, b) =>
    a.path < b.path ? -1 : 1,
  );
  return {
    name,
    files,
    weightBytes: tableBytes(tablesOf(emission)),
    arenaBytes: plan.arenaBytes,
    layers: layerFacts(emission),
  };
}
