import type { BundleComparison, LayerComparison, Pair } from './comparison-schema.ts';
import type { BundleReport, LayerReport } from './schema.ts';

/** Two bundles side by side: sizes, layers by their ids, golden vectors, options, origins. Differences are b − a. */
export function compareReports(a: BundleReport, b: BundleReport): BundleComparison {
  const inA = new Map(a.layers.map((layer) => [layer.id, layer]));
  const inB = new Set(b.layers.map(({ id }) => id));
  const macs = (report: BundleReport) => report.macs.reduce((sum, one) => sum + one.macs, 0);
  const nonzeros = (report: BundleReport) => report.layers.reduce((sum, layer) => sum + layer.nonzeros, 0);
  const bops = (report: BundleReport) => Number(report.cost.dense['total_bops'] ?? 0);
  return {
    a: sideOf(a),
    b: sideOf(b),
    columns: Object.fromEntries(
      Object.keys(b.columns).map((name) => {
        const key = name as keyof BundleReport['columns'];
        return [name, pair(a.columns[key], b.columns[key])];
      }),
    ),
    sections: named(a.measured?.sections, b.measured?.sections),
    kernels: named(a.measured?.kernels, b.measured?.kernels),
    totals: {
      macs: pair(macs(a), macs(b)),
      nonzeros: pair(nonzeros(a), nonzeros(b)),
      bitOperations: pair(bops(a), bops(b)),
    },
    layers: b.layers.flatMap((layer) => {
      const before = inA.get(layer.id);
      return before ? [compareLayers(before, layer)] : [];
    }),
    added: b.layers.filter(({ id }) => !inA.has(id)).map(({ id }) => id),
    removed: a.layers.filter(({ id }) => !inB.has(id)).map(({ id }) => id),
    vectors: compareVectors(a, b),
    instructions: compareInstructions(a, b),
    accuracy: pair(a.provenance.accuracy, b.provenance.accuracy),
    options: differences(
      { target: a.target, format: a.format, flags: a.measured?.flags.join(' ') ?? null, ...a.options },
      { target: b.target, format: b.format, flags: b.measured?.flags.join(' ') ?? null, ...b.options },
    ),
    provenance: differences(
      { version: a.bitsmith.version, compiler: a.measured?.compiler ?? null, ...a.provenance },
      { version: b.bitsmith.version, compiler: b.measured?.compiler ?? null, ...b.provenance },
    ),
  };
}

function sideOf({ name, target, format, bitsmith, measured }: BundleReport): BundleComparison['a'] {
  return { name, target, format, version: bitsmith.version, compiler: measured?.compiler ?? null };
}

function pair(a: number | null, b: number | null): Pair {
  return { a, b, difference: a === null || b === null ? null : b - a };
}

/** Bytes by name, in the order of b, then those of a alone; 0 for what a bundle does not have, null if not measured. */
function named(
  a: readonly { name: string; bytes: number }[] | undefined,
  b: readonly { name: string; bytes: number }[] | undefined,
): { name: string; bytes: Pair }[] {
  const names = new Set([...(b ?? []), ...(a ?? [])].map(({ name }) => name));
  const bytes = (list: typeof a, name: string) =>
    list ? (list.find((one) => one.name === name)?.bytes ?? 0) : null;
  return [...names].map((name) => ({ name, bytes: pair(bytes(a, name), bytes(b, name)) }));
}

function compareLayers(a: LayerReport, b: LayerReport): LayerComparison {
  const text = (value: (layer: LayerReport) => string) => ({ a: value(a), b: value(b) });
  const count = (value: (layer: LayerReport) => number | null) => pair(value(a), value(b));
  const compared = {
    kind: text(({ kind }) => kind),
    shape: text(({ shape }) => shape.join(' × ')),
    kernel: text(({ kernel }) => kernel),
    packing: text(({ packing }) => packing),
    weightBytes: count((layer) => layer.weightBytes),
    thresholdBytes: count((layer) => layer.thresholdBytes),
    activationBytes: count((layer) => layer.activationBytes),
    macs: count(({ macs }) => macs.reduce((sum, one) => sum + one.macs, 0)),
    nonzeros: count((layer) => layer.nonzeros),
    estimatedInstructions: count((layer) => layer.estimatedInstructions),
    measuredInstructions: count((layer) => layer.measuredInstructions),
  };
  return { id: b.id, ...compared, differs: Object.values(compared).some((one) => one.a !== one.b) };
}

function compareVectors(one: BundleReport, other: BundleReport): BundleComparison['vectors'] {
  const [a, b] = [one.golden, other.golden];
  if (!a || !b) return null;
  const common = a.inputs.flatMap((input, sample) => (input === b.inputs[sample] ? [sample] : []));
  const same = (sample: number) => equal(a.logits[sample], b.logits[sample]);
  const layerAt = (sample: number) => firstLayer(one, other, sample);
  const first = common.find((sample) => !same(sample) || layerAt(sample) !== null);
  return {
    sameInputs: common.length,
    count: { a: a.inputs.length, b: b.inputs.length },
    sameLogits: common.filter(same).length,
    firstDifference:
      first === undefined
        ? null
        : {
            sample: first,
            layer: layerAt(first),
            logits: { a: a.logits[first] ?? [], b: b.logits[first] ?? [] },
          },
  };
}

/** The first layer of both bundles with another value for a sample. */
function firstLayer(a: BundleReport, b: BundleReport, sample: number): string | null {
  const crcOf = (report: BundleReport, id: string) =>
    report.golden?.crcs[sample]?.[report.layers.findIndex((layer) => layer.id === id)];
  const differs = b.layers.find(({ id }) => {
    const before = crcOf(a, id);
    return before !== undefined && before !== crcOf(b, id);
  });
  return differs?.id ?? null;
}

function equal(a: readonly number[] = [], b: readonly number[] = []): boolean {
  return a.length === b.length && a.every((value, index) => value === b[index]);
}

function compareInstructions(a: BundleReport, b: BundleReport): BundleComparison['instructions'] {
  const counted = (report: BundleReport) =>
    new Map(
      report.verification?.rows.flatMap(({ core, instructionsPerInference }) =>
        instructionsPerInference === null ? [] : [[core, instructionsPerInference] as const],
      ),
    );
  const [before, after] = [counted(a), counted(b)];
  return [...new Set([...after.keys(), ...before.keys()])].map((core) => ({
    core,
    count: pair(before.get(core) ?? null, after.get(core) ?? null),
  }));
}

function differences(
  a: Readonly<Record<string, unknown>>,
  b: Readonly<Record<string, unknown>>,
): BundleComparison['options'] {
  const text = (value: unknown) =>
    value === undefined || value === null ? null : typeof value === 'string' ? value : JSON.stringify(value);
  return [...new Set([...Object.keys(a), ...Object.keys(b)])]
    .map((field) => ({ field, a: text(a[field]), b: text(b[field]) }))
    .filter((one) => one.a !== one.b);
}
