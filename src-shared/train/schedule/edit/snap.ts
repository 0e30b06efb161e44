/** How far apart round values lie: 1, 2 or 5 times a power of ten, at least `least`. */
export function niceStep(least: number): number {
  const power = 10 ** Math.floor(Math.log10(least));
  const share = least / power;
  const step = share <= 1 + 1e-9 ? 1 : share <= 2 + 1e-9 ? 2 : share <= 5 + 1e-9 ? 5 : 10;
  return tidy(step * power);
}

/**
 * The moment that is meant: a phase border or whole epoch near by, within what is allowed.
 *
 * @param borders moments that attract from further away than whole epochs do
 */
export function snapEpoch(
  epoch: number,
  [from, to]: readonly [number, number],
  borders: readonly number[] = [],
): number {
  const border = borders.find((one) => one >= from && one <= to && Math.abs(one - epoch) <= 0.6);
  if (border !== undefined) return border;
  const low = Math.ceil(from - 1e-9);
  const high = Math.floor(to + 1e-9);
  if (high < low) return Math.min(to, Math.max(from, epoch));
  return Math.min(high, Math.max(low, Math.round(epoch)));
}

/**
 * The round value that is meant: on a linear axis the nearest multiple of a 1-2-5 step of its span, on a logarithmic one
 * the nearest of 1, 2 and 5 times a power of ten.
 */
export function snapValue(value: number, axis: { log: boolean; span: number }): number {
  if (!axis.log) {
    const step = niceStep(axis.span / 60);
    return tidy(Math.round(value / step) * step);
  }
  if (value <= 0) return value;
  const power = 10 ** Math.floor(Math.log10(value));
  const near = [1, 2, 5, 10].map((one) => one * power);
  const distance = (one: number) => Math.abs(Math.log(one / value));
  return tidy(near.reduce((best, one) => (distance(one) < distance(best) ? one : best), near[0] ?? value));
}

/** The next round value up or down, as an arrow key asks; `times` of them at once. */
export function nextValue(
  value: number,
  direction: 1 | -1,
  axis: { log: boolean; span: number },
  times = 1,
): number {
  if (!axis.log || value <= 0) {
    const step = niceStep(axis.span / 60) * times;
    const place = value / step;
    const next = direction > 0 ? Math.floor(place + 1 + 1e-6) : Math.ceil(place - 1 - 1e-6);
    return tidy(next * step);
  }
  let now = value;
  for (let i = 0; i < times; i++) now = nextOnLog(now, direction);
  return now;
}

function nextOnLog(value: number, direction: 1 | -1): number {
  const power = 10 ** Math.floor(Math.log10(value) + 1e-9);
  const steps = [0.1, 0.2, 0.5, 1, 2, 5, 10, 20].map((one) => tidy(one * power));
  const found =
    direction > 0
      ? steps.find((one) => one > value * (1 + 1e-6))
      : steps.findLast((one) => one < value * (1 - 1e-6));
  return found ?? value;
}

function tidy(value: number): number {
  return Number(value.toPrecision(12));
}
