import { describe, expect, it } from 'vitest';
import { featureScale, featureValue, inputFeature, isClamped, quantizer } from '#shared/dataset/features.ts';

describe('the map from raw values to bytes', () => {
  it('takes the ends of the range to 0 and 255, and what lies outside to the nearest', () => {
    const feature = inputFeature('t', -40, 85);
    const byte = quantizer(feature);
    expect([-40, 85, -41, 1e30, -Infinity, NaN].map(byte)).toEqual([0, 255, 0, 255, 0, 0]);
    expect([-40, 0, 85].some((value) => isClamped(feature, value))).toBe(false);
    expect([-40.1, 85.1, NaN].every((value) => isClamped(feature, value))).toBe(true);
  });

  it('rounds to the nearest step, a half upwards: against whole arithmetic', () => {
    // Steps of one quarter: 255 of them from −10 on.
    const feature = inputFeature('q', -10, -10 + 255 / 4);
    const byte = quantizer(feature);
    expect(featureScale(feature)).toBe(4);
    for (let eighths = -80; eighths <= 430; eighths++) {
      const steps = eighths + 80; // eighths above the minimum; two to a step
      expect(byte(eighths / 8)).toBe(Math.min(255, Math.floor((steps + 1) / 2)));
    }
  });

  it('gives back the value that a byte stands for, within half a step', () => {
    const feature = inputFeature('x', 3, 7);
    const byte = quantizer(feature);
    for (let code = 0; code <= 255; code++) expect(byte(featureValue(feature, code))).toBe(code);
  });

  it('takes a column without width to 0', () => {
    for (const value of [0, 5, -3e6, 1e-9]) {
      const feature = inputFeature('c', value, value);
      expect(feature.maximum).toBeGreaterThan(feature.minimum);
      expect(quantizer(feature)(value)).toBe(0);
    }
  });
});
