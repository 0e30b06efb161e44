import { float32OfRank, rankOf } from '../../../quant/parts/float32-steps.ts';
import { quantCode, rangeOf, ROUNDING_MODES, type IntegerRange, type RoundingMode } from '../quantizer.ts';

/** A step function of float32 numbers: from `thresholds[i]` on (inclusive, ascending) it has `codes[i + 1]`. */
export interface Steps {
  thresholds: readonly number[];
  codes: readonly number[];
}

/**
 * How nodes compute it: by the sign of x − shift; by rounding x · multiplier; or by counting thresholds, those in `minus`
 * downwards. `moved`: thresholds that rounding puts on a neighbouring float32 number; the other forms are exact.
 */
export type StepForm =
  | { kind: 'bipolar'; shift: number }
  | { kind: 'quant'; multiplier: number; range: IntegerRange; rounding: RoundingMode; moved: number }
  | { kind: 'count'; first: number; plus: readonly number[]; minus: readonly number[] };

/** Units in the last place that rounding may move a threshold by. */
const MOST_MOVED = 2;

/** Every form, of the most common to QONNX tools first. */
export function formOf(steps: Steps): StepForm {
  return bipolarForm(steps) ?? quantForm(steps) ?? countForm(steps);
}

/** The code that a form's nodes give for a float32 number. */
export function codeOf(form: StepForm, x: number): number {
  if (form.kind === 'bipolar') return Math.fround(x - form.shift) >= 0 ? 1 : -1;
  if (form.kind === 'quant') return quantCode(Math.fround(x * form.multiplier), form.range, form.rounding);
  const passed = (thresholds: readonly number[]) => thresholds.filter((threshold) => x >= threshold).length;
  return form.first + passed(form.plus) - passed(form.minus);
}

/** The float32 number below; thresholds are inclusive, so it is the last one of the step before. */
export function below(x: number): number {
  return neighbour(x, -1);
}

function neighbour(x: number, distance: number): number {
  return float32OfRank(rankOf(x) + distance);
}

function bipolarForm({ thresholds, codes }: Steps): StepForm | null {
  const [shift] = thresholds;
  if (shift === undefined || codes.join() !== '-1,1') return null;
  return { kind: 'bipolar', shift };
}

function quantForm(steps: Steps): StepForm | null {
  const { thresholds, codes } = steps;
  const [low = 0] = codes;
  const range = rangeOf(low, codes.at(-1) ?? 0);
  if (!range || codes.some((code, i) => code !== low + i)) return null;
  // The threshold that is farthest from zero tells the multiplier best.
  const farthest = thresholds.reduce(
    (best, t, i) => (Math.abs(t) > Math.abs(thresholds[best] ?? 0) ? i : best),
    0,
  );
  const guess = Math.fround((low + farthest + 0.5) / (thresholds[farthest] ?? 0));
  if (!(guess > 0) || !Number.isFinite(guess)) return null;
  let best: Extract<StepForm, { kind: 'quant' }> | null = null;
  for (const distance of [0, 1, -1, 2, -2, 3, -3]) {
    for (const rounding of ROUNDING_MODES) {
      const form = {
        kind: 'quant' as const,
        multiplier: neighbour(guess, distance),
        range,
        rounding,
        moved: 0,
      };
      const moved = movedThresholds(form, steps);
      if (moved === null || (best && moved >= best.moved)) continue;
      best = { ...form, moved };
      if (moved === 0) return best;
    }
  }
  return best;
}

/** How many thresholds lie beside where they should; null where one lies farther off. */
function movedThresholds(form: StepForm, { thresholds, codes }: Steps): number | null {
  let moved = 0;
  for (const [i, threshold] of thresholds.entries()) {
    const right = (distance: number) => {
      const before = codeOf(form, neighbour(threshold, -1 - distance)) === codes[i];
      return before && codeOf(form, neighbour(threshold, distance)) === codes[i + 1];
    };
    if (right(0)) continue;
    if (!right(MOST_MOVED)) return null;
    moved++;
  }
  return moved;
}

function countForm({ thresholds, codes }: Steps): StepForm {
  const jumps = (sign: number) =>
    thresholds.flatMap((threshold, i) => {
      const jump = sign * ((codes[i + 1] ?? 0) - (codes[i] ?? 0));
      return Array.from({ length: Math.max(0, jump) }, () => threshold);
    });
  return { kind: 'count', first: codes[0] ?? 0, plus: jumps(1), minus: jumps(-1) };
}
