import { curveReach, sampleCurve, type SampledCurve } from '#shared/quant/curve-sample.ts';
import type { Quantizes } from '#shared/quant/types.ts';
import { number } from '../base/format.ts';
import type { ChartBand, ChartLine, LineChart } from '../chart/types.ts';
import { methodOf, type RawChoice } from './method-facts.ts';

/** A stretch of inputs between two thresholds. */
export interface CurveStep {
  from: number;
  to: number;
  /** Value at either end; the same where the function is constant between. */
  values: [number, number];
  /** The greatest slope that training uses there. */
  slope: number;
}

/** A quantizer as a picture and in numbers. */
export interface MethodCurve {
  chart: LineChart;
  thresholds: number[];
  steps: CurveStep[];
  /** `5 levels, thresholds at −0.5 and 0.5` */
  sentence: string;
  /** For what it is drawn, where a layer decides its scale. */
  drawn: string;
}

/** With more steps than this, their names would touch each other. */
const NAMED_STEPS = 7;

/**
 * Value and slope of a quantizer over its input, computed by the method's own function.
 *
 * @param choice one that its schema has checked
 */
export function methodCurve(side: Quantizes, choice: RawChoice): MethodCurve | null {
  const curve = methodOf(choice.method)?.[side]?.curve;
  if (!curve) return null;
  const value = (x: number) => curve.value(x, choice);
  const slope = (x: number) => curve.slope(x, choice);
  const reach = curveReach(value);
  const drawn = sampleCurve(value, -reach, reach);

  // A step just beside 0 (x > 0 rather than x ≥ 0) is one at 0 to the eye.
  const thresholds = drawn.jumps.map(({ x }) => (Math.abs(x) < 1e-12 ? 0 : x));
  const steps = stepsOf(drawn, [-reach, ...thresholds, reach], slope);
  return {
    chart: {
      kind: 'lines',
      lines: [line('value', 'Value', 0, drawn), line('slope', 'Slope', 1, sampleCurve(slope, -reach, reach))],
      x: { label: 'x', format: 'number' },
      y: { label: 'Value and slope', format: 'number', log: false },
      // None is a list of none: a chart that had some forgets them.
      bands: steps.length > 1 && steps.length <= NAMED_STEPS ? steps.map(bandOf) : [],
    },
    thresholds,
    steps,
    sentence: sentenceOf(steps, thresholds),
    drawn: curve.drawn ?? '',
  };
}

/** The pieces in a row; a jump is two points at one place. */
function line(id: string, label: string, look: number, { pieces }: SampledCurve): ChartLine {
  const points = pieces.flat();
  return { id, label, look, x: points.map(([x]) => x), y: points.map(([, y]) => y) };
}

function stepsOf(
  { pieces }: SampledCurve,
  edges: readonly number[],
  slope: (x: number) => number,
): CurveStep[] {
  return pieces.slice(0, edges.length - 1).map((piece, i) => {
    const [from = 0, to = 0] = [edges[i], edges[i + 1]];
    const inside = Array.from({ length: 33 }, (_, k) => from + ((to - from) * (k + 0.5)) / 33);
    const values: [number, number] = [piece[0]?.[1] ?? 0, piece.at(-1)?.[1] ?? 0];
    return { from, to, values, slope: Math.max(...inside.map(slope)) };
  });
}

function bandOf({ from, to, values: [first, last] }: CurveStep): ChartBand {
  return { from, to, label: first === last ? number(Number(first.toPrecision(3))) : '' };
}

function sentenceOf(steps: readonly CurveStep[], thresholds: readonly number[]): string {
  if (thresholds.length === 0) return 'A function without steps.';
  const flat = steps.every(({ values: [first, last] }) => first === last);
  const levels = flat ? `${new Set(steps.map(({ values }) => values[0])).size} levels` : 'Stepped';
  const places = thresholds.slice(0, 4).map(number).join(', ');
  const more = thresholds.length > 4 ? ` … ${number(thresholds.at(-1))}` : '';
  return `${levels}, threshold${thresholds.length === 1 ? '' : 's'} at ${places}${more}.`;
}
