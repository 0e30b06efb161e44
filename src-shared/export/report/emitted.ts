import { layerFacts } from '../emit/manifest.ts';
import { tableBytes, tablesOf } from '../emit/weights.ts';
import type { BundleFile, Emission } from '../emit/types.ts';
import type { DeadChannels } from '../passes/remove-dead-channels.ts';
import type { ReportFacts } from './build-report.ts';
import { frontEndFacts } from './front-end.ts';
import type { GoldenFindings } from './golden-meter.ts';
import { reportPage } from './page.ts';
import { arenaBuffers, layerBytes } from './planned-layers.ts';
import type { BundleReport } from './schema.ts';

const LINEAR: readonly string[] = ['conv2d', 'depthwise-conv2d', 'dense'];

/** What the exporter knows of a bundle that it emits. @param sha256 hex digest @param dead what lowering took away */
export function emittedFacts(
  emission: Emission,
  format: string,
  findings: GoldenFindings,
  sha256: (content: Uint8Array) => string,
  dead?: DeadChannels,
): ReportFacts {
  const { graph, plan, golden, target, options } = emission;
  const { appVersion, classes: _, features: _features, sound, ...provenance } = emission.provenance;
  return {
    version: appVersion,
    name: graph.name,
    identifier: emission.name,
    target: target.id,
    targetTitle: target.title,
    format,
    options: { ...options },
    provenance,
    graph,
    layers: layerFacts(emission),
    layerBytes: layerBytes(emission),
    ...findings,
    weightBytes: tableBytes(tablesOf(emission)),
    arenaBytes: plan.arenaBytes,
    removedChannels: (dead?.removed ?? [])
      .filter(({ kind }) => LINEAR.includes(kind))
      .map(({ node, kind, before, kept, because }) => ({
        node,
        kind,
        before,
        kept: kept.length,
        because: { ...because },
      })),
    arena: arenaBuffers(plan),
    ...frontEndFacts(sound),
    golden: {
      inputs: golden.map(({ input }) => sha256(input)),
      logits: golden.map(({ logits }) => [...logits]),
      crcs: golden.map(({ crcs }) => [...crcs]),
    },
  };
}

/** `report.json` and `report.html`. */
export function reportFiles(report: BundleReport): BundleFile[] {
  return [
    { path: 'report.json', content: reportJson(report) },
    { path: 'report.html', content: reportPage(report) },
  ];
}

export function reportJson(report: BundleReport): string {
  return `${JSON.stringify(report, null, 2)}\n`;
}
