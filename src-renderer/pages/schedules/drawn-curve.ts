import { sampleCurve, type SampledCurve } from '../../components/plan/sample-curve.ts';

/** Up to so many steps are drawn one by one. */
const MANY = 2000;

/**
 * What the trainer applies between two moments of a run. A step takes the value of the moment at which it begins: with few
 * steps in view each of them is one sample, with many the samples are steps too, closer where the curve moves fast.
 *
 * @param at the trainer's own function of the epoch
 * @param stepsPerEpoch null while the data set is unknown
 */
export function drawnCurve(
  at: (epoch: number) => number,
  from: number,
  to: number,
  stepsPerEpoch: number | null,
): SampledCurve {
  if (stepsPerEpoch === null) return sampleCurve(at, from, to);
  const first = Math.floor(from * stepsPerEpoch + 1e-9);
  const last = Math.ceil(to * stepsPerEpoch - 1e-9);
  if (last - first > MANY) {
    return sampleCurve((epoch) => at(Math.floor(epoch * stepsPerEpoch + 1e-9) / stepsPerEpoch), from, to);
  }
  const x: number[] = [];
  const y: number[] = [];
  for (let step = first; step < last; step++) {
    x.push(step / stepsPerEpoch);
    y.push(at(step / stepsPerEpoch));
  }
  // The last step goes on to the end.
  x.push(last / stepsPerEpoch);
  y.push(y.at(-1) ?? at(from));
  return { x, y };
}
