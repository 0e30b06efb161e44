import { isLinear, type IntegerGraph } from '../ir/graph.ts';
import type { SparsityReport } from '../../prune/sparsity-report.ts';
import { macsByType, qonnxCost } from './cost.ts';
import { layerReports, type LayerFacts } from './layer-reports.ts';
import type { LayerBytes } from './planned-layers.ts';
import type { BundleReport, MeasuredSizes } from './schema.ts';

/** What a report is made of; null: not known. */
export interface ReportFacts extends Pick<
  BundleReport,
  | 'name'
  | 'identifier'
  | 'target'
  | 'targetTitle'
  | 'format'
  | 'options'
  | 'provenance'
  | 'arena'
  | 'golden'
  | 'removedChannels'
  | 'accumulators'
  | 'frontEnd'
> {
  version: string;
  graph: IntegerGraph;
  layers: readonly LayerFacts[];
  layerBytes: readonly LayerBytes[] | null;
  sparsity: SparsityReport | null;
  weightBytes: number;
  arenaBytes: number;
}

/**
 * The report of a bundle. Pure: the same facts and sizes give the same report.
 *
 * @param measured sizes by the linker; null where the compiler is missing, which `remedy` puts right
 */
export function buildReport(
  facts: ReportFacts,
  measured: MeasuredSizes | null,
  remedy: string | null,
): BundleReport {
  const { graph } = facts;
  const linear = graph.nodes.filter(isLinear);
  const { name, identifier, target, targetTitle, format, options, provenance, arena, golden } = facts;
  return {
    bitsmith: { report: 1, version: facts.version },
    name,
    identifier,
    target,
    targetTitle,
    format,
    options,
    provenance,
    columns: columnsOf(measured, facts),
    measured,
    remedy,
    layers: layerReports(graph, facts.layers, facts.layerBytes, facts.sparsity),
    removedChannels: facts.removedChannels,
    accumulators: facts.accumulators,
    arena,
    ...(facts.frontEnd ? { frontEnd: facts.frontEnd } : {}),
    macs: macsByType(graph, linear),
    cost: { dense: qonnxCost(graph, linear, false), sparse: qonnxCost(graph, linear, true) },
    sparsity: facts.sparsity,
    golden,
    verification: null,
  };
}

/** Flash and RAM as ST's model zoo splits them: planned where nothing was measured. */
export function columnsOf(
  measured: MeasuredSizes | null,
  planned: { weightBytes: number; arenaBytes: number },
): BundleReport['columns'] {
  if (!measured) {
    return {
      weightsFlash: planned.weightBytes,
      codeFlash: null,
      startupFlash: null,
      totalFlash: null,
      activationRam: planned.arenaBytes,
      runtimeRam: null,
      stack: null,
      totalRam: null,
    };
  }
  const { flash, ram, flashBytes, ramBytes } = measured;
  const stack = measured.stack?.bytes ?? null;
  return {
    weightsFlash: flash.weights,
    codeFlash: flash.kernels + flash.networkCode + flash.networkConstants + flash.compiler + flash.padding,
    startupFlash: flash.startup,
    totalFlash: flashBytes,
    activationRam: ram.activations,
    runtimeRam: ram.runtime + ram.padding,
    stack,
    totalRam: stack === null ? null : ramBytes + stack,
  };
}

/** The report with what the last verification counted; the target's own core decides about the layers' instructions. */
export function withVerification(
  report: BundleReport,
  verification: BundleReport['verification'],
): BundleReport {
  const counted = verification?.rows.filter((row) => row.ran && row.layers.length > 0) ?? [];
  const row = counted.find(({ core }) => core === report.target) ?? counted[0];
  const measured = new Map(row?.layers.map(({ id, instructions }) => [id, instructions]));
  return {
    ...report,
    verification,
    layers: report.layers.map((layer) => ({
      ...layer,
      measuredInstructions: measured.get(layer.id) ?? null,
    })),
  };
}
