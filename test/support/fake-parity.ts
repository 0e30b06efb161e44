import type { z } from 'zod';
import { BitsmithError } from '#shared/base/errors.ts';
import type { exportApi } from '#shared/contract/api/export.ts';
import type { ServiceOf } from '#shared/contract/api.ts';
import type { ParityResult, ParitySample, ParityValuesSchema } from '#shared/contract/api/parity.ts';
import { elementsOf } from '#shared/export/ir/graph.ts';
import { DEFAULT_PLAN } from '#shared/export/plan/options.ts';
import { planGraph } from '#shared/export/plan/plan.ts';
import { checkBoard, parseBoardOutput } from '#shared/verify/board-output.ts';
import { interpretFloat } from '#shared/verify/float/interpret-float.ts';
import { argMax, interpret, interpretAll } from '#shared/verify/interpret.ts';
import { formsOf } from '#shared/verify/parity/forms.ts';
import { parityOf, type RowValues } from '#shared/verify/parity/parity.ts';
import { traceLowering } from '#shared/verify/parity/trace-lowering.ts';
import { windowOf } from '#shared/verify/parity/values-window.ts';
import { fakeSound, fakeSpectrogram } from './fake-sounds.ts';
import type { FakeTasks } from './fake-tasks.ts';
import { presetNetwork } from './preset-network.ts';

type Calls = Pick<ServiceOf<typeof exportApi>, 'parity' | 'parityValues' | 'boardCheck'>;

const SAMPLES = 40;
const networks = new Map<string, ReturnType<typeof prepare>>();

function prepare(preset: string) {
  const whole = presetNetwork({ preset, zeros: 0.5 });
  const lowering = traceLowering(whole);
  const { layers } = planGraph(lowering.graph);
  const ids = layers.map(({ id }) => id);
  const forms = formsOf(lowering.graph, DEFAULT_PLAN, false, ids);
  const observed = layers.map(({ id, kernel }) => ({ id, kernel, form: forms.get(id) ?? '' }));
  return { whole, lowering, observed };
}

function networkOf(preset: string) {
  const known = networks.get(preset) ?? prepare(preset);
  networks.set(preset, known);
  return known;
}

/** The preset for keywords hears. */
const soundOf = (preset: string) =>
  preset === 'ds-cnn' ? fakeSound({ features: 'mfcc', coefficients: 10 }).sound : undefined;

/**
 * Parity runs of real networks with random weights, compared by the real code; the firmware is the reference, but for one
 * value of `wrongLayer`.
 */
export function fakeParity(
  tasks: FakeTasks,
  presetOf: (bundle: string) => string,
  wrongLayer?: string,
): Calls {
  const kept = new Map<string, { result: ParityResult; values: ReadonlyMap<string, RowValues> }>();
  const sampleOf = (preset: string, index: number): Uint8Array => {
    const sound = soundOf(preset);
    if (sound) return fakeSpectrogram(sound, index % 2, index);
    const length = elementsOf(networkOf(preset).lowering.graph.input.shape);
    return Uint8Array.from({ length }, (_, i) => (i * (37 + index) + 11 * index) % 256);
  };
  function compare(bundle: string, asked: ParitySample): ParityResult {
    const preset = presetOf(bundle);
    const { whole, lowering, observed } = networkOf(preset);
    const { graph } = lowering;
    const predicted = (index: number) => argMax(interpret(graph, sampleOf(preset, index)));
    // The network is right but for every fifth sample.
    const labelOf = (index: number) => (predicted(index) + (index % 5 === 4 ? 1 : 0)) % graph.classes;
    const all = [...Array(SAMPLES).keys()];
    const index = indexOf(asked, all, labelOf, predicted);
    const sample = sampleOf(preset, index);
    const { values: reference, logits } = interpretAll(graph, sample);
    const firmware = new Map([...reference].map(([id, value]) => [id, value.slice()]));
    const spoilt = firmware.get(wrongLayer ?? '');
    if (spoilt) spoilt[4] = spoilt[4] === 1 ? -1 : 1;
    const values = interpretFloat(lowering.trained, sample);
    const found = parityOf({
      graph,
      observed,
      sample,
      firmware: { values: firmware, logits },
      float: { whole, lowering, values, logits: values.get(lowering.trained.output) ?? new Float32Array(0) },
    });
    const adversarial = asked.by === 'adversarial';
    const sound = soundOf(preset);
    const result: ParityResult = {
      id: `p${kept.size + 1}`,
      bundle,
      sample: {
        source: adversarial ? 'adversarial' : 'test',
        index,
        of: SAMPLES,
        label: adversarial ? null : labelOf(index),
        shape: [...graph.input.shape],
        pixels: Buffer.from(sample).toString('base64'),
        ...(sound ? { sound } : {}),
      },
      classes: Array.from({ length: graph.classes }, (_, i) => `class ${i}`),
      runner: 'gcc 12.2.0',
      firmwareReason: null,
      floatReason: null,
      ...found.parity,
    };
    kept.set(result.id, { result, values: found.values });
    return result;
  }
  const keptOne = (id: string) => {
    const one = kept.get(id);
    if (!one) throw new BitsmithError('not-found', `the values of comparison ${id} are not kept any more`);
    return one;
  };
  return {
    parity: ({ bundle, sample }) => {
      presetOf(bundle);
      const steps = ['choosing the sample', 'compiling the firmware', 'comparing'];
      return tasks.start('Compare layer by layer', { bundle }, steps, () => compare(bundle, sample));
    },
    parityValues: ({ parity, row, from, count }): z.output<typeof ParityValuesSchema> => {
      const values = keptOne(parity).values.get(row);
      if (!values) throw new BitsmithError('not-found', `there is no layer "${row}"`);
      return windowOf(values, from, count);
    },
    boardCheck: ({ bundle, text, parity }) => {
      const preset = presetOf(bundle);
      const { graph } = networkOf(preset).lowering;
      const golden = [0, 1].map((index) => ({
        name: `golden sample ${index}`,
        logits: interpret(graph, sampleOf(preset, index)),
      }));
      const shown = parity === undefined ? [] : [keptOne(parity).result];
      const current = shown.map(({ sample, logits }) => ({
        name: `${sample.source} sample ${sample.index}`,
        logits: Int32Array.from(logits, ({ reference }) => reference),
      }));
      return checkBoard(parseBoardOutput(text, graph.classes), [...current, ...golden]);
    },
  };
}

function indexOf(
  asked: ParitySample,
  all: readonly number[],
  labelOf: (index: number) => number,
  predicted: (index: number) => number,
): number {
  switch (asked.by) {
    case 'index':
    case 'adversarial':
      if (asked.index < SAMPLES) return asked.index;
      throw new BitsmithError(
        'invalid-input',
        `test sample ${asked.index}: there are ${SAMPLES}, 0 to ${SAMPLES - 1}`,
      );
    case 'class': {
      const found = all.filter((index) => labelOf(index) === asked.label)[asked.occurrence];
      if (found !== undefined) return found;
      throw new BitsmithError('invalid-input', `class ${asked.label} has no such test sample`);
    }
    case 'wrong': {
      const found = all.find((index) => index >= asked.from && labelOf(index) !== predicted(index));
      if (found !== undefined) return found;
      throw new BitsmithError('not-found', `from test sample ${asked.from} on, none is wrong`);
    }
  }
}
