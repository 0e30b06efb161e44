/** What a series of a layer is of. */
export interface LayerMeasure {
  layer: string;
  measure: 'zero-fraction' | 'flip-ratio' | 'scale' | 'scale-low' | 'scale-high' | 'threshold';
  /** The level of a scale (absent: the first), the code of a threshold. */
  part: number | null;
}

const PATTERN = /^layer\/(.+?)\/(zero-fraction|flip-ratio|scale(?:-low|-high)?|threshold)(?:\/(-?\d+))?$/;

/** `layer/block/2/scale-low` → of `block/2`; null when the series is of no layer, or of something else of it. */
export function layerMeasure(series: string): LayerMeasure | null {
  const [, layer, measure, part] = PATTERN.exec(series) ?? [];
  if (layer === undefined || measure === undefined) return null;
  return {
    layer,
    measure: measure as LayerMeasure['measure'],
    part: part === undefined ? null : Number(part),
  };
}

/** `layer/conv1/zero-fraction` → `conv1`, or null when it is not that measure of a layer. */
export function layerOf(series: string, measure: string): string | null {
  const found = layerMeasure(series);
  return found?.measure === measure && found.part === null ? found.layer : null;
}

/** `+1`, `0`, `−1`. */
export function signedCode(code: number): string {
  return code > 0 ? `+${code}` : String(code).replace('-', '−');
}
