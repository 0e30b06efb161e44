import { planAt, sparsityAt } from '#shared/train/moment.ts';
import type { TrainingPlan } from '#shared/train/plan.ts';
import { numberText } from '#shared/train/schedule/edit/describe.ts';
import { count } from '../../components/base/format.ts';
import { TRACKS, type QuantityId } from './tracks.ts';

/** What the trainer applies in one step of a run. */
export interface Readout {
  /** At which the step begins. */
  epoch: number;
  /** Steps done before it; null while nobody knows how many an epoch has. */
  step: number | null;
  phase: string | null;
  values: Record<QuantityId, number>;
  pruned: boolean;
  /** Sparsities of the layers that have a schedule of their own. */
  layers: { layer: string; value: number }[];
  /** What keeps still. */
  frozen: string[];
}

/**
 * What counts at a moment: that of the step that is at work then, from `planAt` and `sparsityAt`, which the trainer asks
 * for every step. At the end of the run, where no step begins, it is what the run ends with.
 *
 * @param epoch fractional, 0 … plan.epochs
 */
export function readoutAt(plan: TrainingPlan, epoch: number, stepsPerEpoch: number | null): Readout {
  const step = stepsPerEpoch === null ? null : Math.floor(epoch * stepsPerEpoch + 1e-6);
  const at = step === null || stepsPerEpoch === null ? epoch : step / stepsPerEpoch;
  const moment = planAt(plan, at);
  return {
    epoch: at,
    step,
    phase: moment.phase,
    values: moment,
    pruned: plan.pruning !== undefined,
    layers: Object.keys(plan.pruning?.layers ?? {}).map((layer) => ({
      layer,
      value: sparsityAt(plan, at, layer),
    })),
    frozen: [
      ...(moment.freezeBatchNorm ? ['batch norm'] : []),
      ...(moment.freezeQuantizer ? ['quantizers'] : []),
    ],
  };
}

/** The shortest decimal number that is the same in 32 bits, in which the step computes. */
export function exactText(value: number): string {
  const short = Math.fround(value);
  let digits = 1;
  while (digits < 9 && Math.fround(Number(short.toPrecision(digits))) !== short) digits++;
  const size = Math.abs(short);
  if (size === 0 || (size >= 1e-3 && size < 1e6)) {
    return String(Number(short.toPrecision(digits))).replace('-', '−');
  }
  return short
    .toExponential(digits - 1)
    .replace('+', '')
    .replaceAll('-', '−');
}

/** `epoch 2.5, step 1,350, phase prune` */
export function momentText({ epoch, step, phase }: Readout): string {
  const parts = [`epoch ${numberText(epoch)}`];
  if (step !== null) parts.push(`step ${count(step)}`);
  if (phase !== null) parts.push(`phase ${phase}`);
  return parts.join(', ');
}

/** The value of one track, and of the layers that differ from it. */
export function valueText(readout: Readout, id: QuantityId): string {
  if (id !== 'sparsity') return exactText(readout.values[id]);
  if (!readout.pruned) return '–';
  const layers = readout.layers.map(({ layer, value }) => `, ${layer} ${exactText(value)}`);
  return exactText(readout.values.sparsity) + layers.join('');
}

/** All of it in one sentence, for those who do not see it. */
export function readoutText(readout: Readout): string {
  const values = TRACKS.map(({ id, title }) =>
    id === 'sparsity' && !readout.pruned ? 'not pruned' : `${title.toLowerCase()} ${valueText(readout, id)}`,
  );
  const frozen = readout.frozen.length > 0 ? `frozen: ${readout.frozen.join(' and ')}` : 'nothing frozen';
  const when = momentText(readout);
  return `${when.charAt(0).toUpperCase()}${when.slice(1)}: ${[...values, frozen].join('; ')}.`;
}
