/** Zero crossings of the sinc on either side, counted at the lower of the two rates. */
const CROSSINGS = 16;
const LARGEST_FACTOR = 48;

/** Whether a clip can be brought from one rate to another: rates that differ by a factor of 48 or less. */
export function canResample(from: number, to: number): boolean {
  return from > 0 && from <= LARGEST_FACTOR * to && to <= LARGEST_FACTOR * from;
}

/**
 * Sound at another sample rate: a sinc of 16 zero crossings on either side under a Hann window, its cutoff at 0.95 of the
 * lower of the two Nyquist frequencies, in float64, rounded to 16 bits. Only the import does this; firmware samples at the
 * rate of the front end.
 */
export function resample(pcm: Int16Array, from: number, to: number): Int16Array {
  if (from === to) return pcm;
  const out = new Int16Array(Math.round((pcm.length * to) / from));
  const cutoff = 0.95 * Math.min(1, to / from);
  const reach = CROSSINGS / cutoff;
  // The places between samples repeat: with the rates in lowest terms there are `to` of them.
  const divisor = greatestCommon(from, to);
  const [step, phases] = [from / divisor, to / divisor];
  const kernels = new Map<number, Float64Array>();
  for (let i = 0; i < out.length; i++) {
    const whole = Math.floor((i * step) / phases);
    const phase = (i * step) % phases;
    let kernel = kernels.get(phase);
    if (!kernel) {
      kernel = kernelAt(phase / phases, cutoff, reach);
      if (kernels.size < 4096) kernels.set(phase, kernel);
    }
    const first = whole - Math.floor(reach);
    let sum = 0;
    for (let j = 0; j < kernel.length; j++) sum += kernel[j]! * (pcm[first + j] ?? 0);
    out[i] = Math.max(-32768, Math.min(32767, Math.round(sum)));
  }
  return out;
}

/** Weights of the samples around a place, which lies this share of a sample behind one; their sum is 1. */
function kernelAt(share: number, cutoff: number, reach: number): Float64Array {
  const before = Math.floor(reach);
  const kernel = Float64Array.from({ length: 2 * before + 2 }, (_, j) => {
    const distance = j - before - share;
    if (Math.abs(distance) >= reach) return 0;
    const x = Math.PI * cutoff * distance;
    const sinc = x === 0 ? 1 : Math.sin(x) / x;
    return sinc * (0.5 + 0.5 * Math.cos((Math.PI * distance) / reach));
  });
  const sum = kernel.reduce((total, weight) => total + weight, 0);
  return kernel.map((weight) => weight / sum);
}

function greatestCommon(a: number, b: number): number {
  return b === 0 ? a : greatestCommon(b, a % b);
}
