import * as path from 'node:path';
import { BitsmithError, messageOf, toErrorData } from '#shared/base/errors.ts';
import type { ParityResult, ParitySample } from '#shared/contract/api/parity.ts';
import type { Manifest } from '#shared/export/emit/manifest.ts';
import { formatOf } from '#shared/export/formats/index.ts';
import { graphToJson } from '#shared/export/ir/json.ts';
import { targetOf } from '#shared/export/targets/index.ts';
import type { TrainedGraph } from '#shared/export/trained-graph.ts';
import { runFloat, type FloatValues } from '#shared/verify/float/interpret-float.ts';
import { formsOf } from '#shared/verify/parity/forms.ts';
import { parityOf, type ParityInput, type RowValues } from '#shared/verify/parity/parity.ts';
import { traceLowering } from '#shared/verify/parity/trace-lowering.ts';
import type { TaskHandle } from '#main/services/task/types.ts';
import { createToolchain, type Toolchain } from '#main/toolchain/index.ts';
import { bundleSources } from '../compile.ts';
import { readManifest } from '../read-bundle.ts';
import { breather, checkSampleSet, type SampleSet } from '../reference.ts';
import { adversarialSamples } from '../verify-samples.ts';
import { chooseSample } from './choose-sample.ts';
import { runFirmware } from './run-firmware.ts';

export interface ParityRequest {
  bundleFolder: string;
  samples: SampleSet & { source: 'test' | 'random' };
  sample: ParitySample;
  /** The trained network of the bundle's checkpoint. @throws where the run or the checkpoint is not there */
  trained: () => TrainedGraph;
  toolchain?: Toolchain;
  task?: TaskHandle;
}

/** What one sample becomes, and the values of every row. */
export interface ParityRun {
  result: Omit<ParityResult, 'id'>;
  values: ReadonlyMap<string, RowValues>;
}

/**
 * One sample layer by layer in the float network, in the integer reference of the bundle's own manifest, and in the
 * bundle's C, compiled and run on this computer. What cannot be had (no compiler, no run) is said, and never a failure.
 *
 * @throws BitsmithError `not-found` or `corrupt` for what is no bundle, `invalid-input` for a sample that there is not,
 *   `job-failed` when the bundle does not compile or crashes, `cancelled`
 */
export async function parityOfBundle(request: ParityRequest): Promise<ParityRun> {
  const { task, toolchain = createToolchain() } = request;
  const signal = task?.signal;
  const folder = path.resolve(request.bundleFolder);
  const manifest = readManifest(folder);
  const { graph, layers } = manifest;
  const { classes, features, sound } = manifest.provenance;
  checkSampleSet(request.samples, graph);
  task?.report(0.05, 'choosing the sample');
  const { bytes, facts } = await chooseSample(
    graph,
    request.samples,
    request.sample,
    () => adversarialSamples(graph, request.samples, signal),
    { signal, report: (message) => task?.report(null, message) },
  );
  const bundle = bundleSources(folder, manifest.identifier, formatOf(manifest.format).layout);
  const firmware = await runFirmware(bundle, manifest, bytes, {
    toolchain,
    signal,
    report: (message) => task?.report(0.3, message),
  });
  task?.report(0.7, 'computing the float network');
  const float = await floatNetwork(request.trained, manifest, bytes, signal);
  task?.report(0.9, 'comparing');
  const forms = formsOf(
    graph,
    manifest.options,
    targetOf(manifest.target).vectors ?? false,
    layers.map(({ id }) => id),
  );
  const { parity, values } = parityOf({
    graph,
    observed: layers.map(({ id, kernel }) => ({ id, kernel, form: forms.get(id) ?? '' })),
    sample: bytes,
    firmware: 'reason' in firmware ? null : firmware,
    float: 'reason' in float ? null : float,
  });
  const result = {
    bundle: folder,
    sample: {
      ...facts,
      shape: [...graph.input.shape],
      pixels: Buffer.from(bytes).toString('base64'),
      ...(features ? { features } : {}),
      ...(sound ? { sound } : {}),
    },
    classes: [...classes],
    runner: 'reason' in firmware ? null : firmware.runner,
    firmwareReason: 'reason' in firmware ? firmware.reason : null,
    floatReason: 'reason' in float ? float.reason : null,
    ...parity,
  };
  task?.report(1, parity.firstDifference === null ? 'done' : `${parity.firstDifference} differs`);
  return { result, values };
}

async function floatNetwork(
  load: () => TrainedGraph,
  { graph, provenance }: Manifest,
  sample: Uint8Array,
  signal: AbortSignal | undefined,
): Promise<NonNullable<ParityInput['float']> | { reason: string }> {
  let whole: TrainedGraph;
  try {
    whole = load();
  } catch (error) {
    if (toErrorData(error).code === 'internal') throw error;
    return { reason: `the trained network of run ${provenance.run} is not here: ${messageOf(error)}` };
  }
  const lowering = traceLowering(whole);
  const same = JSON.stringify(graphToJson(lowering.graph)) === JSON.stringify(graphToJson(graph));
  if (!same) {
    return {
      reason:
        'checkpoint and bundle hold different networks: the bundle was written by another version of Bitsmith, or its manifest was changed; export it again',
    };
  }
  const breathe = breather(signal);
  const run = async (network: TrainedGraph): Promise<FloatValues> => {
    const work = runFloat(network, sample);
    let step = work.next();
    while (!step.done) {
      await breathe();
      step = work.next();
    }
    return step.value;
  };
  const logits = (await run(whole)).get(whole.output);
  if (!logits) throw new BitsmithError('internal', `the network has no output ${whole.output}`);
  return { whole, lowering, logits, values: await run(lowering.trained) };
}
