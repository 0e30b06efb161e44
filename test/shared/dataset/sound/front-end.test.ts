import { describe, expect, it } from 'vitest';
import { featureByte, featureBytes, mapMultiplier, soundMap } from '#shared/dataset/sound/bytes.ts';
import { createFrontEnd, floorOf, fullScaleLevel } from '#shared/dataset/sound/front-end.ts';
import { level } from '#shared/dataset/sound/log2.ts';
import { emptyBand, hertzOf, melBank, melEdges, melOf } from '#shared/dataset/sound/mel.ts';
import { resample } from '#shared/dataset/sound/resample.ts';
import { framesOf, scratchBytes, soundShape } from '#shared/dataset/sound/spec.ts';
import { Spectrum } from '#shared/dataset/sound/spectrum.ts';
import { soundTables } from '#shared/dataset/sound/tables.ts';
import { frontEndOf, WavOptionsSchema } from '#shared/dataset/sources/wav/options.ts';
import { chirp, noiseSound, tone } from '#test/support/sounds.ts';

const specOf = (options: object = {}) => frontEndOf(WavOptionsSchema.parse(options));
const extremes: Record<string, (samples: number) => Int16Array> = {
  silence: (samples) => new Int16Array(samples),
  'all −32768': (samples) => new Int16Array(samples).fill(-32768),
  'all 32767': (samples) => new Int16Array(samples).fill(32767),
  'a full-scale square': (samples) =>
    Int16Array.from({ length: samples }, (_, n) => (n & 16 ? 32767 : -32768)),
  'the fastest square': (samples) => Int16Array.from({ length: samples }, (_, n) => (n & 1 ? 32767 : -32768)),
  'one bit of noise': (samples) => noiseSound(samples, 1),
  'loud noise': (samples) => noiseSound(samples, 32767),
  'a tone': (samples) => tone(16_000, samples, 1000),
  'a chirp': (samples) => chirp(16_000, samples, 50, 7900, 30_000),
};

describe('the spectrum', () => {
  const bins = (values: Int32Array) => {
    const fft = values.length;
    const spectrum = new Spectrum(fft, soundTables({ ...specOf(), frame: fft, fft }));
    spectrum.transform(values);
    return spectrum;
  };
  /** The discrete Fourier transform by its definition, scaled by 2/n. */
  function dft(values: Int32Array, k: number): [number, number] {
    let [re, im] = [0, 0];
    values.forEach((value, n) => {
      const angle = (-2 * Math.PI * ((k * n) % values.length)) / values.length;
      re += value * Math.cos(angle);
      im += value * Math.sin(angle);
    });
    return [(2 * re) / values.length, (2 * im) / values.length];
  }

  it.each([16, 64, 512, 2048])(
    'of %i numbers is that of the definition to within half a unit for each stage',
    (fft) => {
      for (const make of [
        (n: number) => Math.round(2 ** 22 * Math.sin(n * n * 0.01)),
        (n: number) => (n & 8 ? 2 ** 22 : -(2 ** 22)),
        () => -(2 ** 22),
        (n: number) => (n === 3 ? 2 ** 22 : 0),
      ]) {
        const values = Int32Array.from({ length: fft }, (_, n) => make(n));
        const { re, im } = bins(values);
        const bound = 1 + Math.log2(fft) / 2;
        for (let k = 0; k <= fft / 2; k += fft > 512 ? 37 : 1) {
          const [wantedRe, wantedIm] = dft(values, k);
          expect(Math.abs(re[k]! - wantedRe)).toBeLessThan(bound);
          expect(Math.abs(im[k]! - wantedIm)).toBeLessThan(bound);
        }
      }
    },
  );

  it('of a cosine at a bin is its amplitude there and nothing elsewhere', () => {
    const { re, im } = bins(
      Int32Array.from({ length: 256 }, (_, n) =>
        Math.round(1_000_000 * Math.cos((2 * Math.PI * 20 * n) / 256)),
      ),
    );
    expect(Math.abs(re[20]! - 1_000_000)).toBeLessThan(3);
    re.forEach((value, k) => k !== 20 && expect(Math.abs(value)).toBeLessThan(3));
    im.forEach((value) => expect(Math.abs(value)).toBeLessThan(3));
  });
});

describe('levels', () => {
  it('are the binary logarithm to within 0.6/1024, and exact for powers of two', () => {
    for (let e = 0; e < 53; e++) expect(level(2 ** e)).toBe(1024 * e);
    expect(level(0)).toBe(0);
    let worst = 0;
    for (let i = 0; i < 200_000; i++) {
      const energy = Math.floor(2 ** (((i * 0.618034) % 1) * 53));
      if (energy > 0) worst = Math.max(worst, Math.abs(level(energy) - 1024 * Math.log2(energy)));
    }
    expect(worst).toBeLessThan(0.6);
    expect(worst).toBeGreaterThan(0.4);
  });

  it('never fall when the energy rises', () => {
    let falls = 0;
    for (let energy = 1; energy < 300_000; energy++) if (level(energy) < level(energy - 1)) falls++;
    expect(falls).toBe(0);
    expect(level(2 ** 53 - 1)).toBe(53 * 1024);
  });
});

describe('mel bands', () => {
  it('follow both published scales', () => {
    expect(melOf(1000, 'htk')).toBeCloseTo(999.99, 1);
    expect(melOf(700, 'htk')).toBeCloseTo(2595 * Math.log10(2), 9);
    expect([melOf(200, 'slaney'), melOf(1000, 'slaney'), melOf(6400, 'slaney')]).toEqual([3, 15, 42]);
    for (const scale of ['htk', 'slaney'] as const) {
      for (const hertz of [0, 55, 999, 1000, 7999])
        expect(hertzOf(melOf(hertz, scale), scale)).toBeCloseTo(hertz, 6);
    }
  });

  it('count every bin between the first and the last peak as a whole', () => {
    const spec = specOf();
    const { edges, rise } = melBank(spec);
    const hertz = melEdges(spec);
    const total = new Float64Array(spec.fft / 2 + 1);
    for (let band = 0; band < spec.bands; band++) {
      for (let k = edges[band]!; k < edges[band + 1]!; k++) total[k]! += rise[k - edges[0]!]!;
      for (let k = edges[band + 1]!; k < edges[band + 2]!; k++) total[k]! += 256 - rise[k - edges[0]!]!;
    }
    total.forEach((weight, k) => {
      const frequency = (k * spec.sampleRate) / spec.fft;
      if (frequency >= hertz[1]! && frequency < hertz.at(-2)!) expect(weight).toBe(256);
      else expect(weight).toBeLessThan(257);
    });
    expect(emptyBand({ edges, rise })).toBe(-1);
  });

  it('that no bin falls into are refused with what helps', () => {
    expect(() => specOf({ bands: 128 })).toThrow(
      /^bands: band \d+ of 128 is narrower than the 31.3 Hz between the bins/,
    );
    expect(() => specOf({ highest: 9000 })).toThrow(
      'highest: 9000 Hz is more than half the sample rate, 8000 Hz',
    );
    expect(() => specOf({ lowest: 5000, highest: 4000 })).toThrow('lowest: 5000 Hz is not below');
    expect(() => specOf({ frame: 400 })).toThrow('frame: 400 ms at 16000 Hz are 6400 samples; 16 to 2048');
    expect(() => specOf({ length: 0.05, frame: 60 })).toThrow(
      'length: a clip of 800 samples is shorter than a frame',
    );
    expect(() => specOf({ features: 'mfcc', coefficients: 50 })).toThrow(
      'coefficients: 50 are more than the 40',
    );
  });
});

describe('the front end', () => {
  /**
   * Float64 from the formulas, sharing no code, with a bound for what the integers may differ by: weights are rounded to
   * 1/256, bins by half a unit a stage, levels by 0.6.
   */
  function floatFeatures(
    spec: ReturnType<typeof specOf>,
    pcm: Int16Array,
  ): { expected: number[]; bounds: number[] } {
    const { frame, fft, bands, sampleRate } = spec;
    const [middle, swing] = spec.window === 'hann' ? [0.5, 0.5] : [0.54, 0.46];
    const mel = (f: number) =>
      spec.scale === 'htk'
        ? 2595 * Math.log10(1 + f / 700)
        : f < 1000
          ? (3 * f) / 200
          : 15 + (27 * Math.log(f / 1000)) / Math.log(6.4);
    const energies = new Array<number>(bands).fill(0);
    const errors = new Array<number>(bands).fill(0);
    const ofBin = 1 + Math.log2(fft) / 2;
    const [low, high] = [mel(spec.lowest), mel(spec.highest)];
    // The place of an edge by bisection, since the scale has no inverse here.
    const edge = (i: number) => {
      let [a, b] = [0, sampleRate];
      for (let step = 0; step < 60; step++) {
        const half = (a + b) / 2;
        if (mel(half) < low + ((high - low) * i) / (bands + 1)) a = half;
        else b = half;
      }
      return a;
    };
    const edges = Array.from({ length: bands + 2 }, (_, i) => edge(i));
    for (let k = 0; k <= fft / 2; k++) {
      let [re, im] = [0, 0];
      for (let n = 0; n < frame; n++) {
        const value = pcm[n]! * (middle - swing * Math.cos((2 * Math.PI * n) / frame)) * 128;
        re += value * Math.cos((2 * Math.PI * k * n) / fft);
        im -= value * Math.sin((2 * Math.PI * k * n) / fft);
      }
      const power = (4 * (re * re + im * im)) / fft ** 2;
      const f = (k * sampleRate) / fft;
      for (let b = 0; b < bands; b++) {
        const [left, peak, right] = [edges[b]!, edges[b + 1]!, edges[b + 2]!];
        const weight = Math.max(0, Math.min((f - left) / (peak - left), (right - f) / (right - peak)));
        energies[b]! += 256 * weight * power;
        if (f < left - 1e-6 || f > right + 1e-6) continue;
        errors[b]! += power + 256 * (4 * ofBin * Math.sqrt(power) + 2 * ofBin ** 2);
      }
    }
    const levels = energies.map((energy) => Math.max(0, 1024 * Math.log2(Math.max(1, energy)) - spec.floor));
    const bounds = energies.map((energy, b) => {
      const [less, more] = [Math.max(1, energy - errors[b]!), energy + errors[b]!];
      return 1.2 + 1024 * Math.log2(more / less);
    });
    if (spec.features === 'log-mel') return { expected: levels, bounds };
    const rows = Array.from({ length: spec.coefficients }, (_, i) =>
      levels.map(
        (_level, b) => Math.sqrt((i === 0 ? 1 : 2) / bands) * Math.cos((Math.PI * i * (b + 0.5)) / bands),
      ),
    );
    const dot = (row: readonly number[], values: readonly number[]) =>
      row.reduce((sum, factor, b) => sum + factor * values[b]!, 0);
    return {
      expected: rows.map((row) => dot(row, levels)),
      // The table's half unit of 2⁻¹⁴ for each band, and the last rounding.
      bounds: rows.map(
        (row) =>
          dot(row.map(Math.abs), bounds) + 0.5 + levels.reduce((sum, value) => sum + value, 0) / 2 ** 15,
      ),
    };
  }

  it.each([
    ['log-mel', {}],
    [
      'log-mel with other choices',
      { window: 'hamming', scale: 'slaney', bands: 24, frame: 25, sampleRate: 8000, lowest: 100 },
    ],
    ['MFCC', { features: 'mfcc' }],
  ] as const)('is near the same features in float64: %s', (_, options) => {
    const spec = specOf(options);
    const { frame } = createFrontEnd(spec);
    const found = new Int32Array(spec.coefficients);
    for (const make of ['loud noise', 'a chirp', 'a full-scale square']) {
      const pcm = extremes[make]!(spec.frame);
      frame(pcm, 0, found);
      const { expected, bounds } = floatFeatures(spec, pcm);
      found.forEach((value, i) => {
        const off = Math.abs(value - expected[i]!);
        expect(off <= bounds[i]!, `${make}, ${i}: ${value}, not ${expected[i]} ± ${bounds[i]}`).toBe(true);
      });
      // The bound says something: half of the features are known to 0.04 octaves.
      if (make === 'loud noise' && spec.features === 'log-mel') {
        expect(bounds.toSorted((a, b) => a - b)[spec.bands >> 1]).toBeLessThan(40);
      }
    }
  });

  it('hears a tone in the band whose peak is nearest to it', () => {
    const spec = specOf();
    const { clip } = createFrontEnd(spec);
    const peaks = melEdges(spec).slice(1, -1);
    for (const band of [3, 10, 20, 30, 38]) {
      const features = clip(tone(16_000, spec.samples, peaks[band]!));
      for (let i = 0; i < framesOf(spec); i++) {
        const row = [...features.subarray(i * spec.bands, (i + 1) * spec.bands)];
        expect(row.indexOf(Math.max(...row))).toBe(band);
      }
    }
  });

  it('counts its floor from a full-scale sine', () => {
    const spec = specOf({ frame: 32, floor: -90 });
    expect(spec.floor).toBe(floorOf(spec, -90));
    const found = new Int32Array(spec.bands);
    // 1500 Hz is a bin of 512 samples at 16 kHz; its two halves of a triangle and its neighbours add up.
    createFrontEnd({ ...spec, floor: 0 }).frame(tone(16_000, 512, 1500, 32_767), 0, found);
    expect(Math.abs(Math.max(...found) - fullScaleLevel(spec))).toBeLessThan(1024);
    createFrontEnd(spec).frame(new Int16Array(512), 0, found);
    expect(new Set(found)).toEqual(new Set([0]));
  });

  it.each(Object.keys(extremes))('stays within its integers: %s', (name) => {
    for (const options of [
      {},
      { window: 'hamming', frame: 128 },
      { sampleRate: 8000, bands: 12, frame: 32 },
    ] as const) {
      const spec = specOf(options);
      const { tables, clip } = createFrontEnd({ ...spec, floor: 0 });
      const pcm = extremes[name]!(spec.samples);
      const features = clip(pcm);
      expect(features.every((value) => value >= 0 && value <= 53 * 1024)).toBe(true);
      expect(Math.max(...tables.window)).toBeLessThanOrEqual(32_768);
      expect(features).toHaveLength(soundShape(spec).reduce((a, b) => a * b));
      expect(clip(pcm)).toEqual(features);
    }
  });

  it('gives the cosine transform of even levels in its first coefficient alone', () => {
    const spec = specOf({ features: 'mfcc', coefficients: 12 });
    const { cosines } = soundTables(spec);
    for (let i = 0; i < 12; i++) {
      const row = cosines.subarray(i * spec.bands, (i + 1) * spec.bands);
      const sum = row.reduce((total, value) => total + value, 0);
      const squares = row.reduce((total, value) => total + (value / 2 ** 14) ** 2, 0);
      expect(squares).toBeCloseTo(1, 3);
      if (i > 0) expect(Math.abs(sum)).toBeLessThan(spec.bands);
    }
    expect(scratchBytes(spec)).toBe(4 * (512 + 40));
  });
});

describe('bytes of features', () => {
  it('reach from 0 to 255, rise, and are the nearest to within half a step and 0.01', () => {
    for (const [low, high] of [
      [0, 30_000],
      [-5, 3],
      [-60_000, 140_000],
      [7, 8],
    ] as const) {
      const m = mapMultiplier([low, high]);
      let before = 0;
      for (let v = low - 2; v <= high + 2; v += Math.max(1, Math.floor((high - low) / 5000))) {
        const byte = featureByte(v, low, high, m);
        const exact = Math.max(0, Math.min(255, ((v - low) * 255) / (high - low)));
        expect(Math.abs(byte - exact)).toBeLessThan(0.51 + (high - low) / 2 ** 21);
        expect(byte).toBeGreaterThanOrEqual(before);
        before = byte;
      }
      expect([featureByte(low, low, high, m), featureByte(high, low, high, m)]).toEqual([0, 255]);
    }
    expect(soundMap(5, 5)).toEqual([5, 6]);
    const out = new Uint8Array(5).fill(9);
    featureBytes(
      [0, 10, 4, 20],
      [
        [0, 8],
        [10, 20],
      ],
      out,
      1,
    );
    expect([...out]).toEqual([9, 0, 0, 128, 255]);
  });
});

describe('resampling', () => {
  it('keeps a tone and its level, and takes away what the new rate cannot hold', () => {
    for (const [from, to] of [
      [44_100, 16_000],
      [8000, 16_000],
      [48_000, 16_000],
    ] as const) {
      const out = resample(tone(from, from, 1000, 10_000), from, to);
      expect(out).toHaveLength(to);
      const wanted = tone(to, to, 1000, 10_000);
      for (let i = 500; i < to - 500; i++) expect(Math.abs(out[i]! - wanted[i]!)).toBeLessThan(40);
    }
    const hidden = resample(tone(48_000, 48_000, 15_000, 10_000), 48_000, 16_000);
    expect(Math.max(...hidden.subarray(200, -200).map(Math.abs))).toBeLessThan(60);
    const same = noiseSound(100, 1000);
    expect(resample(same, 16_000, 16_000)).toBe(same);
  });
});
