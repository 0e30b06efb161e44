/** `layer/conv1/zero-fraction` → `conv1`, or null when it is not that measure of a layer. */
export function layerOf(series: string, measure: string): string | null {
  const start = 'layer/';
  const end = `/${measure}`;
  if (!series.startsWith(start) || !series.endsWith(end)) return null;
  return series.slice(start.length, series.length - end.length);
}
