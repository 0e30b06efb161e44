import type { IntegerGraph } from '../ir/graph.ts';
import { DEFAULT_PLAN, type PlanOptions } from '../plan/options.ts';
import { planGraph } from '../plan/plan.ts';
import type { Format } from '../formats/types.ts';
import type { DeadChannels } from '../passes/remove-dead-channels.ts';
import { buildReport } from '../report/build-report.ts';
import { emittedFacts, reportFiles } from '../report/emitted.ts';
import { goldenMeter } from '../report/golden-meter.ts';
import type { BundleReport, MeasuredSizes } from '../report/schema.ts';
import type { Target } from '../targets/types.ts';
import { checksumsFile } from './checksums.ts';
import { exampleFile } from './example.ts';
import { COMPILE_FLAGS } from './flags.ts';
import { goldenFiles, goldenVectors } from './golden.ts';
import { toIdentifier, uniqueIdentifiers } from './identifier.ts';
import { inputMapFiles } from './input-map.ts';
import { layerFacts, manifestFile } from './manifest.ts';
import { networkAdapter, networkHeader } from './network-header.ts';
import { networkSource } from './network-source.ts';
import { platformFiles } from './platform.ts';
import { readmeFile } from './readme.ts';
import { soundFiles } from './sound.ts';
import { harnessFiles, runtimeFiles } from './runtime-files.ts';
import { weightFiles } from './weight-files.ts';
import { tableBytes, tablesOf } from './weights.ts';
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
  /** Hex digest. */
  sha256: (content: string | Uint8Array) => string;
  /** How kernels and packings are chosen. */
  plan?: PlanOptions;
  /** What lowering took away, for the report. */
  deadChannels?: DeadChannels;
}
export interface EmittedBundle {
  /** C identifier of the network. */
  name: string;
  /** Everything that is compiled, with a README of planned numbers: what is measured. */
  files: BundleFile[];
  /** All files of the bundle, with its report. @param remedy how to get the compiler where nothing was measured */
  finish(measured: MeasuredSizes | null, remedy: string | null): BundleFile[];
  weightBytes: number;
  arenaBytes: number;
  layers: ReturnType<typeof layerFacts>;
  /** Bytes of all constant tables of each layer. */
  tableBytes: number[];
  arena: BundleReport['arena'];
  options: PlanOptions;
}

/**
 * All files of a bundle as text. Pure: the same request gives the same bytes.
 *
 * @throws BitsmithError `unsupported` when no kernel can compute a layer
 */
export function emitBundle(request: BundleRequest): EmittedBundle {
  const { graph, target, format, provenance } = request;
  const options = request.plan ?? DEFAULT_PLAN;
  const plan = planGraph(graph, options, target.vectors);
  const meter = goldenMeter(graph);
  const name = toIdentifier(graph.name);
  const emission: Emission = {
    name,
    upper: name.toUpperCase(),
    graph,
    plan,
    options,
    symbols: uniqueIdentifiers(
      plan.steps.map((step) => step.id),
      'layer',
    ),
    target,
    provenance,
    golden: goldenVectors(graph, plan, request.goldenSamples, (values) => meter.add(values)),
    runtime: request.runtime,
    licence: request.licence,
  };
  const parts: BundleFile[] = [
    networkHeader(emission),
    ...inputMapFiles(emission),
    ...soundFiles(emission),
    networkSource(emission),
    ...weightFiles(emission),
    ...runtimeFiles(emission),
    ...harnessFiles(emission),
    networkAdapter(emission),
    ...goldenFiles(emission),
    exampleFile(emission),
    ...(target.machine ? platformFiles(target.machine, request.runtime) : []),
    { path: 'LICENSE', content: request.licence },
    manifestFile(emission, format.id, COMPILE_FLAGS),
  ];
  const usage = format.usage(emission);
  const arrange = (more: readonly BundleFile[]): BundleFile[] => {
    const arranged = format.arrange([...parts, ...more], emission, COMPILE_FLAGS);
    return [...arranged, checksumsFile(arranged, request.sha256)].toSorted((a, b) =>
      a.path < b.path ? -1 : 1,
    );
  };
  const facts = emittedFacts(emission, format.id, meter.report(), request.sha256, request.deadChannels);
  return {
    name,
    files: arrange([readmeFile(emission, usage)]),
    finish: (measured, remedy) => {
      const report = buildReport(facts, measured, remedy);
      return arrange([readmeFile(emission, usage, report), ...reportFiles(report)]);
    },
    weightBytes: tableBytes(tablesOf(emission)),
    arenaBytes: plan.arenaBytes,
    layers: layerFacts(emission),
    tableBytes: (facts.layerBytes ?? []).map(({ tables }) => tables),
    arena: facts.arena,
    options,
  };
}
