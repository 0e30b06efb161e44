import { describe, expect, it } from 'vitest';
import { RandomStream } from '#shared/base/random.ts';
import { quantCode, rangeFor, rangeOf, type RoundingMode } from '#shared/model/qonnx/quantizer.ts';
import { staircaseForm, type StaircaseForm } from '#shared/model/qonnx/write/staircase-forms.ts';
import { below, codeOf, formOf } from '#shared/model/qonnx/write/step-form.ts';
import { binaryTermStaircase } from '#shared/quant/parts/binary-terms.ts';
import { uniformStaircase } from '#shared/quant/parts/uniform.ts';
import { activationMethod, METHODS } from '#shared/quant/registry.ts';
import type { Staircase } from '#shared/quant/types.ts';

const above = (x: number) => -below(-x);

/** Codes of all terms by the nodes of a form. */
function codesOf({ order, terms }: StaircaseForm, x: number): number[] {
  let rest = x;
  return terms.map(({ form, scale }) => {
    const code = codeOf(form, rest);
    if (order === 'residual') rest = Math.fround(rest - Math.fround(code * scale));
    return code;
  });
}

/** Codes of all terms by the definition of a staircase. */
function definition(staircase: Staircase, x: number): number[] {
  const { thresholds, inclusive, codes, more = [] } = staircase;
  const step = thresholds.filter((t, i) => (inclusive[i] ? x >= t : x > t)).length;
  return [codes, ...more.map((term) => term.codes)].map((term) => term[step] ?? NaN);
}

/** float32 numbers on both sides of every threshold, and far from all. */
function probes({ thresholds }: Staircase): number[] {
  const near = thresholds.flatMap((t) => [below(below(t)), below(t), t, above(t), above(above(t))]);
  return [...near, 0, -0, 1e-40, -1e-40, 1e30, -1e30, 0.3, -0.3];
}

/** Every float32 number that a form puts on another step; these must be the ones that it admits. */
function differing(staircase: Staircase, form: StaircaseForm): number {
  return probes(staircase).filter((x) => codesOf(form, x).join() !== definition(staircase, x).join()).length;
}

describe('the nodes of a staircase', () => {
  const methods = METHODS.filter(({ activations }) => activations).map(({ card }) => card.id);
  it.each(methods)('of %s give its codes on both sides of every threshold', (id) => {
    const { parameters, form } = activationMethod({ method: id });
    const choice = parameters.parse({});
    const variables = (form.variables?.(choice) ?? []).map(({ name, initial }): [string, Float32Array] => [
      name,
      Float32Array.of(initial.kind === 'constant' ? initial.value : 0),
    ]);
    const staircase = form.deploy(choice, Object.fromEntries(variables));
    if (!staircase) return;
    const nodes = staircaseForm(staircase);
    const moved = nodes.terms.reduce((sum, { form: one }) => sum + (one.kind === 'quant' ? one.moved : 0), 0);
    if (moved === 0) expect(differing(staircase, nodes)).toBe(0);
    else expect(differing(staircase, nodes)).toBeLessThanOrEqual(4 * moved);
  });

  it('of uniform steps are one Quant; those of a power of two are exact', () => {
    const random = new RandomStream(1, 'steps');
    for (let bits = 2; bits <= 8; bits++) {
      const exact = uniformStaircase(2 ** -bits, 0, 2 ** bits - 1);
      expect(formOf(exact)).toMatchObject({
        kind: 'quant',
        moved: 0,
        range: { bits, signed: false, narrow: false },
      });
      expect(differing(exact, staircaseForm(exact))).toBe(0);
      const high = 2 ** (bits - 1) - 1;
      const any = uniformStaircase(Math.fround(random.nextUniform() + 0.01), -high, high);
      expect(formOf(any)).toMatchObject({ kind: 'quant', range: { bits, signed: true, narrow: true } });
    }
  });

  it('of ternary steps of any threshold are one Quant and exact', () => {
    const random = new RandomStream(2, 'ternary');
    for (let i = 0; i < 200; i++) {
      const threshold = Math.fround(random.nextUniform() * 3 + 1e-3);
      const ternary = {
        thresholds: [-threshold, threshold],
        inclusive: [i % 2 === 0, i % 3 === 0],
        codes: [-1, 0, 1],
        scale: 0.7,
      };
      const form = staircaseForm(ternary);
      const [term] = form.terms;
      expect(['quant', 'count']).toContain(term?.form.kind);
      if (term?.form.kind !== 'quant' || term.form.moved === 0) expect(differing(ternary, form)).toBe(0);
    }
  });

  it('that rise and fall, or jump, are counted exactly', () => {
    const odd = {
      thresholds: [-2, -1, 0.5, 3],
      inclusive: [true, false, true, false],
      codes: [0, 3, 1, 2, -4],
      scale: 1,
    };
    expect(differing(odd, staircaseForm(odd))).toBe(0);
    expect(formOf(odd).kind).toBe('count');
  });

  it('of nested binary terms are a chain of what is left', () => {
    const scales = [0.875, 0.40625, 0.171875];
    const centres = [-1.28125, -0.875, -0.46875, 0, 0.46875, 0.875, 1.28125];
    const bits = Array.from({ length: 8 }, (_, step) =>
      [step & 4, step & 2, step & 1].map((bit) => (bit ? 1 : -1)),
    );
    const nested = binaryTermStaircase(
      centres,
      scales.map((factor, level) => ({ factor, bits: bits.map((row) => row[level] ?? 1) })),
    );
    const form = staircaseForm(nested);
    expect(form.order).toBe('residual');
    expect(form.terms).toHaveLength(3);
    expect(differing(nested, form)).toBe(0);
  });
});

describe('a quantizer of QONNX', () => {
  it.each<[RoundingMode, number[]]>([
    ['ROUND', [-2, -2, -1, 0, 0, 0, 0, 1, 2, 2]],
    ['HALF_UP', [-3, -2, -1, -1, 0, 0, 1, 1, 2, 3]],
    ['HALF_DOWN', [-2, -1, -1, 0, 0, 0, 0, 1, 1, 2]],
  ])('rounds by %s', (mode, expected) => {
    const range = { bits: 8, signed: true, narrow: false };
    const codes = [-2.5, -1.5, -0.75, -0.5, -0.25, 0.25, 0.5, 0.75, 1.5, 2.5].map((x) =>
      quantCode(x, range, mode),
    );
    expect(codes).toEqual(expected);
  });

  it('has the range of its bits, and no single signed bit', () => {
    expect(rangeOf(-1, 1)).toEqual({ bits: 2, signed: true, narrow: true });
    expect(rangeOf(-128, 127)).toEqual({ bits: 8, signed: true, narrow: false });
    expect(rangeOf(0, 1)).toEqual({ bits: 1, signed: false, narrow: false });
    expect(rangeOf(0, 2)).toEqual({ bits: 2, signed: false, narrow: true });
    expect(rangeOf(-1, 0)).toBeNull();
    expect(rangeOf(-3, 1)).toBeNull();
    expect(rangeFor(Int8Array.of(-1, 1, 0), 1)).toEqual({ bits: 2, signed: true, narrow: true });
    expect(rangeFor(Int8Array.of(-8, 7), 4)).toEqual({ bits: 4, signed: true, narrow: false });
    expect(rangeFor(Int8Array.of(-64, 64), 5)).toEqual({ bits: 8, signed: true, narrow: true });
  });
});
