import { lower } from '#shared/export/passes/lower.ts';
import { DEFAULT_PLAN } from '#shared/export/plan/options.ts';
import { buildReport, type ReportFacts } from '#shared/export/report/build-report.ts';
import { goldenMeter } from '#shared/export/report/golden-meter.ts';
import type { BundleReport, MeasuredSizes } from '#shared/export/report/schema.ts';
import { interpretAll } from '#shared/verify/interpret.ts';
import { TEST_PROVENANCE } from './graphs.ts';
import { smallTrained } from './small-trained.ts';

/** Sizes as a linker might tell them: 400 bytes of flash, 100 of RAM. */
export const SAMPLE_SIZES: MeasuredSizes = {
  compiler: 'arm-none-eabi-gcc 12.2.1',
  flags: ['-O2'],
  image: 'the smallest program that runs the network',
  sections: [
    { name: '.text', bytes: 300, memory: 'flash' },
    { name: '.rodata', bytes: 100, memory: 'flash' },
    { name: '.bss', bytes: 100, memory: 'ram' },
  ],
  flash: {
    weights: 60,
    kernels: 200,
    networkCode: 50,
    networkConstants: 40,
    compiler: 0,
    startup: 46,
    padding: 4,
  },
  ram: { activations: 80, runtime: 8, padding: 12 },
  flashBytes: 400,
  ramBytes: 100,
  stack: {
    bytes: 64,
    path: [
      { function: 'two_run', bytes: 24 },
      { function: 'bs_conv2d_planes_u8', bytes: 40 },
    ],
    indirect: [],
    recursion: [],
    unbounded: [],
    unknown: [],
  },
  kernels: [{ name: 'bs_conv2d_planes_u8', bytes: 200 }],
};

/** What an export knows of a very small network: a convolution of four taps and two filters, and a dense layer. */
export function sampleFacts(change: Partial<ReportFacts> = {}): ReportFacts {
  const graph = change.graph ?? lower(smallTrained());
  const meter = goldenMeter(graph);
  const samples = [Uint8Array.of(10, 10, 10, 10), Uint8Array.of(0, 255, 0, 255)];
  const all = samples.map((sample) => interpretAll(graph, sample));
  for (const { values } of all) meter.add(values);
  const layer = (id: string, kind: string, kernel: string, weightBytes: number) => ({
    id,
    kind,
    shape: [graph.nodes.find((node) => node.id === id)?.shape.at(-1) ?? 1],
    kernel,
    packing: kind === 'affine' ? '' : 'delta',
    weightBytes,
    estimate: 100 * weightBytes,
    alternatives:
      kind === 'affine'
        ? []
        : [{ packing: 'masks', weightBytes: weightBytes + 2, estimate: 50 * weightBytes }],
  });
  const { appVersion, classes: _, ...provenance } = TEST_PROVENANCE;
  return {
    version: appVersion,
    name: 'two',
    identifier: 'two',
    target: 'cortex-m4',
    targetTitle: 'Arm Cortex-M4',
    format: 'cmake',
    options: { ...DEFAULT_PLAN },
    provenance,
    graph,
    layers: [
      layer('act', 'conv2d + threshold', 'bs_conv2d_planes_u8', 16),
      layer('dense', 'dense', 'bs_dense_planes_s8', 12),
      layer(graph.output, 'affine', 'bs_affine_s32', 0),
    ],
    layerBytes: [
      { tables: 40, activation: 2, scratch: 12 },
      { tables: 12, activation: 8, scratch: 0 },
      { tables: 8, activation: 0, scratch: 0 },
    ],
    ...meter.report(),
    weightBytes: 60,
    arenaBytes: 80,
    removedChannels: [
      { node: 'conv', kind: 'conv2d', before: 3, kept: 2, because: { unread: 0, zero: 1, constant: 0 } },
    ],
    arena: [
      { id: 'act', offset: 0, bytes: 16, from: 0, to: 1 },
      { id: 'act plane', offset: 16, bytes: 64, from: 0, to: 0 },
    ],
    golden: {
      inputs: samples.map((_, index) => `${index}`.repeat(64)),
      logits: all.map(({ logits }) => [...logits]),
      crcs: [
        [1, 2, 3],
        [4, 5, 6],
      ],
    },
    ...change,
  };
}

export function sampleReport(
  change: Partial<ReportFacts> = {},
  measured: MeasuredSizes | null = SAMPLE_SIZES,
): BundleReport {
  return buildReport(
    sampleFacts(change),
    measured,
    measured ? null : 'apt install gcc-arm-none-eabi libnewlib-arm-none-eabi',
  );
}
