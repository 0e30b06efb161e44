import type { BundlePlan, VerifyRow } from '#shared/contract/api/export.ts';
import { toIdentifier, uniqueIdentifiers } from '#shared/export/emit/identifier.ts';
import { layerFacts } from '#shared/export/emit/manifest.ts';
import { elementsOf } from '#shared/export/ir/graph.ts';
import { lowerWithFacts } from '#shared/export/passes/lower.ts';
import type { PlanOptions } from '#shared/export/plan/options.ts';
import { planGraph } from '#shared/export/plan/plan.ts';
import { buildReport } from '#shared/export/report/build-report.ts';
import { goldenMeter } from '#shared/export/report/golden-meter.ts';
import { arenaBuffers, layerBytes, type LayerBytes } from '#shared/export/report/planned-layers.ts';
import type { BundleReport, MeasuredSizes } from '#shared/export/report/schema.ts';
import { interpretAll } from '#shared/verify/interpret.ts';
import { TEST_PROVENANCE } from './graphs.ts';
import { presetNetwork } from './preset-network.ts';

/** Bytes that a linker adds to the tables and to the arena of the fake bundles. */
const START_UP = 2_000;
const KERNEL = 900;
const VARIABLES = 468;

const lowered = new Map<string, ReturnType<typeof lowerWithFacts>>();

/** The integer graph of a preset with random weights, half of them zero. */
function graphOf(preset: string) {
  const known = lowered.get(preset) ?? lowerWithFacts(presetNetwork({ preset, zeros: 0.5 }));
  lowered.set(preset, known);
  return known;
}

export type FakeSizes = Pick<
  BundlePlan,
  'flashBytes' | 'ramBytes' | 'weightBytes' | 'arenaBytes' | 'layers' | 'arena'
>;

/**
 * What the real planner says of a preset; a linker's sizes are made up.
 *
 * @throws BitsmithError as `planGraph`
 */
export function fakeSizes(
  preset: string,
  options: PlanOptions,
  compiled: boolean,
): FakeSizes & { bytes: LayerBytes[] } {
  const { graph } = graphOf(preset);
  const plan = planGraph(graph, options);
  const symbols = uniqueIdentifiers(
    plan.steps.map(({ id }) => id),
    'layer',
  );
  const bytes = layerBytes({ name: toIdentifier(preset), plan, symbols });
  const tables = bytes.map((one) => one.tables);
  const weightBytes = tables.reduce((sum, bytes) => sum + bytes, 0);
  const layers = layerFacts({ plan }).map((layer, i) => ({ ...layer, tableBytes: tables[i] ?? 0 }));
  return {
    flashBytes: compiled ? weightBytes + codeOf(layers) : null,
    ramBytes: compiled ? plan.arenaBytes + VARIABLES : null,
    weightBytes,
    arenaBytes: plan.arenaBytes,
    layers,
    arena: arenaBuffers(plan),
    bytes,
  };
}

function kernelsOf(layers: FakeSizes['layers']): string[] {
  return [...new Set(layers.flatMap(({ kernel }) => kernel.split(' + ')))].filter(Boolean);
}

function codeOf(layers: FakeSizes['layers']): number {
  return START_UP + KERNEL * kernelsOf(layers).length;
}

/** Instructions of every layer as a board might count them: a little beside the estimate. */
export function fakeCounts(layers: FakeSizes['layers'], slower: number): VerifyRow['layers'] {
  return layers.map(({ id, estimate }, i) => ({
    id,
    instructions: Math.round((estimate ?? 0) * slower * (1 + 0.03 * ((i % 3) - 1))) + 1_200,
  }));
}

/** The report of such a bundle, made by the real reporter from one golden sample. */
export function fakeReport(
  preset: string,
  options: PlanOptions,
  bundle: { id: string; run: string; target: string; targetTitle: string; format: string; compiled: boolean },
): BundleReport {
  const { graph } = graphOf(preset);
  const { bytes, ...sizes } = fakeSizes(preset, options, bundle.compiled);
  const sample = Uint8Array.from({ length: elementsOf(graph.input.shape) }, (_, i) => (i * 37) % 256);
  const { values, logits } = interpretAll(graph, sample);
  const meter = goldenMeter(graph);
  meter.add(values);
  const { appVersion, classes: _, ...provenance } = TEST_PROVENANCE;
  return buildReport(
    {
      version: appVersion,
      name: preset,
      identifier: toIdentifier(preset),
      target: bundle.target,
      targetTitle: bundle.targetTitle,
      format: bundle.format,
      options: { ...options },
      provenance: { ...provenance, run: bundle.run },
      graph,
      ...sizes,
      layerBytes: bytes,
      ...meter.report(),
      removedChannels: [],
      golden: { inputs: ['0'.repeat(64)], logits: [[...logits]], crcs: [sizes.layers.map((_layer, i) => i)] },
    },
    bundle.compiled ? measured(sizes) : null,
    bundle.compiled ? null : 'sudo apt-get install gcc-riscv64-unknown-elf',
  );
}

function measured({ weightBytes, arenaBytes, layers }: FakeSizes): MeasuredSizes {
  const kernels = kernelsOf(layers);
  return {
    compiler: 'arm-none-eabi-gcc 12.2.1',
    flags: ['-O2'],
    image: 'the smallest program that runs the network',
    sections: [
      { name: '.text', bytes: codeOf(layers), memory: 'flash' },
      { name: '.rodata', bytes: weightBytes, memory: 'flash' },
      { name: '.bss', bytes: arenaBytes + VARIABLES, memory: 'ram' },
    ],
    flash: {
      weights: weightBytes,
      kernels: KERNEL * kernels.length,
      networkCode: 900,
      networkConstants: 700,
      compiler: 120,
      startup: 260,
      padding: 20,
    },
    ram: { activations: arenaBytes, runtime: VARIABLES - 8, padding: 8 },
    flashBytes: weightBytes + codeOf(layers),
    ramBytes: arenaBytes + VARIABLES,
    stack: {
      bytes: 412,
      path: [
        { function: 'network_run', bytes: 96 },
        { function: kernels[0] ?? 'bs_dense', bytes: 316 },
      ],
      indirect: [],
      recursion: [],
      unbounded: [],
      unknown: [],
    },
    kernels: kernels.map((name) => ({ name, bytes: KERNEL })),
  };
}
