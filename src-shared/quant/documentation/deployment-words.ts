import { RandomStream } from '../../base/random.ts';
import { activationMethod, weightMethod, type MethodChoice } from '../registry.ts';
import type { Staircase, VariableSpec, WeightShape } from '../types.ts';

const SHAPE: WeightShape = { shape: [3, 3, 8, 6], filters: 6, fanIn: 72, filterAxis: 3 };

/** What a weight method deploys, in words: read off the deployment form of a random kernel. */
export function weightDeployment(choice: MethodChoice): string {
  const { form, bits } = weightMethod(choice);
  const random = new RandomStream(1, 'documentation');
  // One weight of each filter far out on either side, so that the outermost codes occur.
  const drawn = Float32Array.from({ length: 432 }, (_, i) =>
    i < 6 ? 2 : i < 12 ? -2 : 0.2 * random.nextNormal(),
  );
  const given = form.initialize?.(drawn, SHAPE, choice, new RandomStream(1, 'initialize')) ?? {};
  const start = { ...initialNumbers(form.variables?.(SHAPE, choice)), ...given };
  const kernel = given.kernel ?? drawn;
  // What comes in stages is described as it is at the end of a run.
  const variables = { ...start, ...form.refresh?.(kernel, SHAPE, choice, start, 1) };
  const { levels, float } = form.deploy(variables.kernel ?? kernel, SHAPE, choice, variables);
  if (float)
    return 'Weights stay in floating point, so they train and compare but cannot be lowered to integers.';
  const [first] = levels;
  const scales = levels.some(({ scale }) => scale.length > 1) ? 'per filter' : 'per layer';
  const codes = codeSet(levels.flatMap((level) => [...new Set(level.codes)]));
  const sum =
    levels.length === 1
      ? `W = α · T with integer codes T in ${codes}`
      : `W = ${levels.map((_, i) => `α${subscript(i + 1)} · T${subscript(i + 1)}`).join(' + ')} with integer codes in ${codes}`;
  const scale = scaleWords(first?.scale, levels.length, scales);
  return `${sum} and ${scale}: ${count(bits, 'bit')} per weight.`;
}

function scaleWords(scale: Float32Array | undefined, levels: number, scales: string): string {
  if (levels === 1 && scale?.length === 1 && scale[0] === 1) return 'the scale 1';
  return levels === 1 ? `one scale α ${scales}` : `one scale α ${scales} and level`;
}

/** What an activation method deploys, in words. */
export function activationDeployment(choice: MethodChoice): string {
  const { form, bits } = activationMethod(choice);
  const staircase = form.deploy(choice, initialNumbers(form.variables?.(choice)));
  if (!staircase)
    return 'Activations stay in floating point, so a network with them trains and compares but cannot be lowered to integers.';
  const { thresholds, codes, more = [] } = staircase;
  const terms = [codes, ...more.map((term) => term.codes)];
  const values =
    more.length === 0
      ? `one scale times integer codes in ${codeSet(codes)}`
      : `a sum of ${terms.length} scaled codes in ${codeSet(terms.flat())}`;
  return [
    `A staircase of ${count(thresholds.length, 'threshold')}${boundary(staircase)}, which batch norm and the scales of the layer before it fold into; its steps are ${values}: ${count(bits, 'bit')} per activation.`,
    ...(form.dynamic
      ? [
          'Training takes statistics of the batch at hand; the staircase has their running averages, and accuracy is measured with it.',
        ]
      : []),
  ].join(' ');
}

function boundary({ inclusive }: Staircase): string {
  if (inclusive.every((side) => side)) return ' (x ≥ t passes t)';
  return inclusive.some((side) => side) ? ' (some with x ≥ t, some with x > t)' : ' (x > t passes t)';
}

function codeSet(all: readonly number[]): string {
  const codes = [...new Set(all.map((code) => code + 0))].sort((a, b) => a - b);
  const text = (code: number | undefined) =>
    code !== undefined && code > 0 && (codes[0] ?? 0) < 0 ? `+${code}` : String(code).replace('-', '−');
  if (codes.length <= 5) return `{${codes.map(text).join(', ')}}`;
  return `{${text(codes[0])} … ${text(codes.at(-1))}}`;
}

function initialNumbers(specs: readonly VariableSpec[] = []): Record<string, Float32Array> {
  return Object.fromEntries(
    specs.map(({ name, shape, initial }) => [
      name,
      new Float32Array(shape.reduce((product, size) => product * size, 1)).fill(
        initial.kind === 'constant' ? initial.value : 0,
      ),
    ]),
  );
}

export function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? '' : 's'}`;
}

function subscript(number: number): string {
  return [...String(number)].map((digit) => '₀₁₂₃₄₅₆₇₈₉'[Number(digit)] ?? digit).join('');
}
