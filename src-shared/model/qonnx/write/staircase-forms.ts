import type { Staircase } from '../../../quant/types.ts';
import { below, codeOf, formOf, type StepForm, type Steps } from './step-form.ts';

/** One term of a staircase: `scale` times the code that `form` gives. */
export interface TermForm {
  scale: number;
  form: StepForm;
}

/**
 * How nodes compute a staircase. `parallel`: every term reads the layer's input; `residual`: each reads what the terms
 * before it have left, as residual binarization and multi-level ternary quantization define it.
 */
export interface StaircaseForm {
  order: 'parallel' | 'residual';
  terms: readonly TermForm[];
}

export function staircaseForm(staircase: Staircase): StaircaseForm {
  const terms = [staircase, ...(staircase.more ?? [])];
  const thresholds = staircase.thresholds.map((threshold, i) =>
    staircase.inclusive[i] ? threshold : above(threshold),
  );
  const parallel = terms.map(({ codes, scale }) => ({
    scale: Math.fround(scale),
    form: formOf(merged({ thresholds, codes })),
  }));
  const simple = parallel.every(({ form }) => form.kind !== 'count');
  if (simple || terms.length === 1) return { order: 'parallel', terms: parallel };
  const residual = residualForms(thresholds, terms);
  return residual ? { order: 'residual', terms: residual } : { order: 'parallel', terms: parallel };
}

function above(x: number): number {
  return -below(-x);
}

/** Without the thresholds at which this term does not change. */
function merged({ thresholds, codes }: Steps): Steps {
  const changes = thresholds.map((_, i) => i).filter((i) => codes[i] !== codes[i + 1]);
  const [first = 0] = codes;
  return {
    thresholds: changes.map((i) => thresholds[i] ?? 0),
    codes: [first, ...changes.map((i) => codes[i + 1] ?? 0)],
  };
}

interface Probe {
  rest: number;
  codes: readonly number[];
}

/**
 * Forms of the terms as functions of what is left of x, or null where they are none. Both sides of every threshold agree
 * in the end; between two thresholds each term is monotone and so constant, so all float32 numbers agree.
 */
function residualForms(
  thresholds: readonly number[],
  terms: readonly { codes: readonly number[]; scale: number }[],
): TermForm[] | null {
  const at = (step: number) => terms.map(({ codes }) => codes[step] ?? 0);
  let probes: Probe[] = thresholds.flatMap((threshold, i) => [
    { rest: below(threshold), codes: at(i) },
    { rest: threshold, codes: at(i + 1) },
  ]);
  const forms: TermForm[] = [];
  for (const [level, term] of terms.entries()) {
    const steps = stepsThrough(probes.map(({ rest, codes }) => ({ x: rest, code: codes[level] ?? 0 })));
    const form = steps && formOf(steps);
    if (!form || form.kind === 'count') return null;
    const scale = Math.fround(term.scale);
    forms.push({ scale, form });
    if (probes.some(({ rest, codes }) => codeOf(form, rest) !== codes[level])) return null;
    probes = probes.map(({ rest, codes }) => ({
      codes,
      rest: Math.fround(rest - Math.fround((codes[level] ?? 0) * scale)),
    }));
  }
  return forms;
}

/** The rising step function through points; null where they lie on none. */
function stepsThrough(points: readonly { x: number; code: number }[]): Steps | null {
  const sorted = points.toSorted((a, b) => a.x - b.x || a.code - b.code);
  const thresholds: number[] = [];
  const codes: number[] = [];
  for (const [i, { x, code }] of sorted.entries()) {
    const before = codes.at(-1);
    if (before === code) continue;
    if (before !== undefined) {
      if (code < before || sorted[i - 1]?.x === x) return null;
      thresholds.push(x);
    }
    codes.push(code);
  }
  return codes.length > 1 ? { thresholds, codes } : null;
}
