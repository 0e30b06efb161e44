import { describe, expect, it } from 'vitest';
import { estimateDeployment } from '#shared/export/estimate/estimate-deployment.ts';
import { MEASURED_RUNTIME } from '#shared/export/estimate/measured-code.ts';
import { typicalGraph } from '#shared/export/estimate/typical-graph.ts';
import { lower } from '#shared/export/passes/lower.ts';
import { targetOf } from '#shared/export/targets/index.ts';
import type { TargetId } from '#shared/export/targets/types.ts';
import { buildPreset } from '#shared/model/presets/choice.ts';
import { resolveModel } from '#shared/model/resolve.ts';
import { ActivationChoiceSchema, WeightChoiceSchema } from '#shared/quant/registry.ts';
import { linkedSizes } from '#test/bench/code/linked-sizes.ts';
import { runtimeDigest } from '#test/bench/code/runtime-digest.ts';
import { hasProgram } from '#test/support/build-bundle.ts';
import { presetOf } from '#test/support/preset-model.ts';
import { presetNetwork } from '#test/support/preset-network.ts';
import { hearingNetwork, testSound } from '#test/support/sound-networks.ts';

const CASES: [preset: string, weights: string, activations: string, target: TargetId][] = [
  ['lenet-small', 'twn', 'gxnor', 'cortex-m4'],
  ['lenet-small', 'int8', 'int8', 'cortex-m0plus'],
  ['resnet8', 'twn', 'gxnor', 'cortex-m4'],
  ['ds-cnn', 'twn', 'gxnor', 'cortex-m55'],
  ['mlp3', 'bnn', 'bnn', 'rv32imc'],
];

/** Front ends, whether they need more memory than the network, and the core. */
const HEARING: [options: object, tiny: boolean, target: TargetId][] = [
  [{}, false, 'cortex-m4'],
  [{ features: 'mfcc' }, true, 'cortex-m0plus'],
  [{}, true, 'rv32imc'],
];

describe('the deployment estimate and the linker', () => {
  it('reads measurements of the runtime as it is (else: npm run measure:code)', () => {
    expect(MEASURED_RUNTIME).toBe(runtimeDigest());
  });

  const compilers = ['arm-none-eabi-gcc', 'riscv64-unknown-elf-gcc'].every(hasProgram);
  it.skipIf(!compilers).each(CASES)('agree about %s (%s, %s) on %s', async (preset, weights, activations, core) => {
    const { shape, classes } = presetOf(preset).usual;
    const choice = { preset, ...(presetOf(preset).options.parse({}) as object) };
    const model = resolveModel(buildPreset(choice, shape, classes), {
      weights: WeightChoiceSchema.parse({ method: weights }),
      activations: ActivationChoiceSchema.parse({ method: activations }),
    });
    const result = estimateDeployment(model, { target: core });
    if (!result.ok) throw new Error(result.problems[0]?.message);
    const { total } = result.estimate;
    const target = targetOf(core);
    const linked = await linkedSizes(lower(typicalGraph(model)), target);
    // Of the same weights, all is exact but for the code between the kernels, and what the linker relaxes.
    expect(total.tables).toBe(linked?.tableBytes);
    expect(total.arena).toBe(linked?.arenaBytes);
    expect(total.ram - total.stack).toBe(linked?.ramBytes);
    expect(total.flash / (linked?.flashBytes ?? 0)).toBeGreaterThan(0.98);
    expect(total.flash / (linked?.flashBytes ?? 0)).toBeLessThan(1.02);
    expect(total.stack / (linked?.stack?.bytes ?? 0)).toBeGreaterThan(0.95);
    expect(total.stack / (linked?.stack?.bytes ?? 0)).toBeLessThan(2);
    if (weights !== 'twn') return;
    // Other weights, of more zeros: packed weights get a little smaller, and the arena stays.
    const other = await linkedSizes(lower(presetNetwork({ preset, zeros: 0.55 })), target);
    expect(other?.ramBytes).toBe(linked?.ramBytes);
    expect(total.flash / (other?.flashBytes ?? 0)).toBeGreaterThan(0.95);
    expect(total.flash / (other?.flashBytes ?? 0)).toBeLessThan(1.06);
  }, 60_000);

  it.skipIf(!compilers).each(HEARING)('agree about a front end (%j, tiny: %s) on %s', async (options, tiny, core) => {
    const sound = testSound(options);
    const model = hearingNetwork(sound, tiny);
    const target = targetOf(core);
    const graph = lower(typicalGraph(model));
    const [plain, linked] = [await linkedSizes(graph, target), await linkedSizes(graph, target, undefined, sound)];
    const result = estimateDeployment(model, { target: core, sound });
    if (!result.ok || !linked || !plain) throw new Error('no numbers');
    const { total, frontEnd } = result.estimate;
    expect(Math.abs((frontEnd?.flash ?? NaN) - (linked.flashBytes - plain.flashBytes))).toBeLessThan(24);
    expect(total.ram - total.stack).toBe(linked.ramBytes);
    const ratios = [total.flash / linked.flashBytes, total.stack / (linked.stack?.bytes ?? 0)];
    expect(ratios[0]).toBeGreaterThan(0.96);
    expect(ratios[0]).toBeLessThan(1.04);
    expect(ratios[1]).toBeGreaterThan(0.95);
    expect(ratios[1]).toBeLessThan(2);
    // What runs deepest is said, be it the front end.
    if (tiny) expect(linked.stack?.path[0]?.function).toBe('ears_features');
  }, 60_000);
});
