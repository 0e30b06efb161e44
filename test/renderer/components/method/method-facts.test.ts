import { describe, expect, it } from 'vitest';
import {
  bitsText,
  checkedChoice,
  findMethods,
  methodEntries,
} from '#renderer/components/method/method-facts.ts';
import { methodCurve } from '#renderer/components/method/method-curve.ts';
import { METHODS } from '#shared/quant/registry.ts';
import type { Quantizes } from '#shared/quant/types.ts';

const ids = (side: Quantizes, text: string, width = 'any') =>
  findMethods(methodEntries(side), text, width).map(({ id }) => id);
const curveOf = (side: Quantizes, raw: { method: string; [parameter: string]: unknown }) => {
  const { choice } = checkedChoice(side, raw);
  return choice && methodCurve(side, choice);
};

describe('the list of methods', () => {
  it('has every method that quantizes a side, with all widths that its parameters allow', () => {
    expect(methodEntries('weights')).toHaveLength(METHODS.filter(({ weights }) => weights).length);
    const bits = (id: string) =>
      bitsText(methodEntries('weights').find((entry) => entry.id === id)?.bits ?? []);
    expect(bits('bnn')).toBe('1 bit');
    expect(bits('lsq')).toBe('2 to 8 bits');
    expect(bits('full-precision')).toBe('float');
  });

  it('is searched by words of the card and of the paper, and filtered by width', () => {
    expect(ids('weights', 'esser')).toEqual(['lsq']);
    expect(ids('activations', 'learned step 2020')).toEqual(['lsq']);
    expect(ids('weights', '', '8')).toContain('int8');
    expect(ids('weights', '', '8')).not.toContain('twn');
    expect(ids('weights', 'no such thing')).toEqual([]);
  });

  it('fills in defaults, and says which parameter is wrong', () => {
    expect(checkedChoice('weights', { method: 'lsq' }).choice).toMatchObject({ method: 'lsq', bits: 4 });
    const { choice, problems } = checkedChoice('weights', { method: 'lsq', bits: 'four' });
    expect(choice).toBeNull();
    expect(problems).toMatchObject([{ path: 'bits' }]);
    expect(checkedChoice('activations', { method: 'twn' }).problems).toMatchObject([{ path: 'method' }]);
  });
});

describe('the curve of a method', () => {
  it('is drawn with the parameters at hand: TWN with another factor has its thresholds there', () => {
    const curve = curveOf('weights', { method: 'twn', factor: 0.5 });
    expect(curve?.thresholds).toEqual([-0.5, 0.5]);
    expect(curve?.steps.map(({ values }) => values)).toEqual([
      [-1, -1],
      [0, 0],
      [1, 1],
    ]);
    expect(curve?.chart.bands?.map(({ label }) => label)).toEqual(['−1', '0', '1']);
    expect(curve?.sentence).toBe('3 levels, thresholds at −0.5, 0.5.');
  });

  it('has as many levels as the bits say', () => {
    for (const bits of [2, 3, 4, 8]) {
      expect(curveOf('activations', { method: 'dorefa', bits })?.steps).toHaveLength(2 ** bits);
    }
  });

  it('shows the slope that training uses: none of LSQ outside of its range, all of BNN within ±1', () => {
    const lsq = curveOf('weights', { method: 'lsq', bits: 2 });
    expect(lsq?.steps.map(({ slope }) => slope)).toEqual([1, 1, 1, 1]);
    const slope = curveOf('activations', { method: 'bnn' })?.chart.lines.find(({ id }) => id === 'slope');
    expect(Math.max(...Array.from(slope?.y ?? []))).toBe(1);
    expect(slope?.y[0]).toBe(0);
  });

  it('exists for every side of every method, its lines from left to right and finite', () => {
    for (const side of ['weights', 'activations'] as const) {
      for (const { id } of methodEntries(side)) {
        const curve = curveOf(side, { method: id });
        for (const line of curve?.chart.lines ?? []) {
          const [x, y] = [Array.from(line.x), Array.from(line.y)];
          expect(x, `${id}, ${side}`).toEqual(x.toSorted((a, b) => a - b));
          expect(y.every(Number.isFinite), `${id}, ${side}`).toBe(true);
        }
        expect(curve?.chart.lines).toHaveLength(2);
      }
    }
  });
});
