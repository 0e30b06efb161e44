import { activationMethod, type MethodChoice } from '../../quant/registry.ts';
import type { Staircase } from '../../quant/types.ts';
import type { ResolvedLayer } from '../types.ts';
import type { Combination } from './types.ts';

export interface Range {
  low: number;
  high: number;
}
const ANYTHING: Range = { low: -Infinity, high: Infinity };

/** Smallest and largest value that each layer can have, by id; quantizers at their initial thresholds and scales. */
export function valueRanges(model: Combination): Map<string, Range> {
  const ranges = new Map<string, Range>();
  for (const layer of model.layers) {
    const inputs = layer.inputs.map((name) => ranges.get(name) ?? ANYTHING);
    ranges.set(layer.spec.id, rangeOf(layer, inputs));
  }
  return ranges;
}

function rangeOf(layer: ResolvedLayer, inputs: readonly Range[]): Range {
  const [input = ANYTHING] = inputs;
  const withZero = { low: Math.min(0, input.low), high: Math.max(0, input.high) };
  switch (layer.spec.kind) {
    case 'activation':
      return layer.activation ? activationRange(layer.activation, input) : input;
    case 'max-pool':
    case 'global-average-pool':
    case 'flatten':
      return input;
    case 'average-pool':
    case 'shortcut-a':
      return withZero;
    case 'dropout': {
      // What survives is scaled up in training.
      const keep = 1 - ((layer.spec as { rate?: number }).rate ?? 0);
      return { low: withZero.low / keep, high: withZero.high / keep };
    }
    case 'add':
      return inputs.reduce((sum, range) => ({ low: sum.low + range.low, high: sum.high + range.high }), {
        low: 0,
        high: 0,
      });
    default:
      return ANYTHING;
  }
}

const FLOAT_RANGES: Record<string, Range> = {
  relu: { low: 0, high: Infinity },
  tanh: { low: -1, high: 1 },
  'hard-tanh': { low: -1, high: 1 },
};

function activationRange(choice: MethodChoice, input: Range): Range {
  const staircase = initialStaircase(choice);
  if (!staircase) {
    const own = FLOAT_RANGES[String(choice.function)] ?? ANYTHING;
    return { low: clamp(input.low, own), high: clamp(input.high, own) };
  }
  const values = stepsWithin(staircase, input).map((step) => stepValue(staircase, step));
  return { low: Math.min(...values), high: Math.max(...values) };
}

function clamp(value: number, { low, high }: Range): number {
  return Math.min(high, Math.max(low, value));
}

/** The staircase of an activation method before training; null where it computes in floating point. */
export function initialStaircase(choice: MethodChoice): Staircase | null {
  return staircaseFrom(choice, (value) => value);
}

/** The staircase of an activation method whose variables are not those of the beginning, but some function of them. */
function staircaseFrom(choice: MethodChoice, change: (value: number) => number): Staircase | null {
  const { form } = activationMethod(choice);
  const variables = (form.variables?.(choice) ?? []).map(({ name, shape, initial }) => {
    const size = shape.reduce((product, extent) => product * extent, 1);
    const value = change(initial.kind === 'constant' ? initial.value : 0);
    return [name, new Float32Array(size).fill(value)] as const;
  });
  return form.deploy(choice, Object.fromEntries(variables));
}

/** Whether all values of an activation method are −1 or +1, whatever training does to its variables. */
export function isSign(choice: MethodChoice): boolean {
  return [(value: number) => value, (value: number) => 1.5 * value + 0.25].every((change) => {
    const staircase = staircaseFrom(choice, change);
    const signs = staircase?.codes.every((code) => Math.abs(code) === 1) && staircase.scale === 1;
    return signs === true && (staircase?.more ?? []).length === 0;
  });
}

/** The steps of a staircase that inputs of a range can reach. */
export function stepsWithin(staircase: Staircase, { low, high }: Range): number[] {
  const passed = (x: number) =>
    staircase.thresholds.filter((threshold, i) => (staircase.inclusive[i] ? x >= threshold : x > threshold))
      .length;
  const [first, last] = [passed(low), passed(high)];
  return Array.from({ length: last - first + 1 }, (_, i) => first + i);
}

function stepValue({ codes, scale, more = [] }: Staircase, step: number): number {
  return [{ codes, scale }, ...more].reduce((sum, term) => sum + term.scale * (term.codes[step] ?? 0), 0);
}
