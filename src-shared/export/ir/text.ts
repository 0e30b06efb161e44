/** How both text forms (integer and trained graph) write what they have in common. */

const SHOWN = 24;

/** What may stand in a text without quotation marks. */
export const PLAIN_NAME = /[A-Za-z_][A-Za-z0-9_./-]*/;

/** A name as it stands in a text: with quotation marks, as in JSON, where it is no plain word. */
export function nameText(name: string): string {
  return PLAIN_NAME.exec(name)?.[0] === name ? name : JSON.stringify(name);
}

/** `[1,-2,3]`; a long one is cut unless it is to be complete. */
export function listText(
  values: ArrayLike<number>,
  full: boolean,
  number: (value: number) => string = String,
): string {
  const all = Array.from(values);
  if (full || all.length <= SHOWN) return `[${all.map(number).join(',')}]`;
  return `[${all.slice(0, SHOWN).map(number).join(',')} … ${all.length} values]`;
}

/**
 * Weight codes, filter by filter: `[+0- --+]`, one character for a weight, where all are −1, 0 or 1; else
 * `[1,-2,3; 4,0,5]`.
 */
export function codesText(codes: Int8Array, filters: number, full: boolean): string {
  const taps = codes.length / filters;
  const shown = full ? codes : codes.subarray(0, SHOWN);
  const ternary = codes.every((code) => Math.abs(code) <= 1);
  const text = Array.from(shown, (code, i) => {
    const first = i > 0 && i % taps === 0;
    if (ternary) return (first ? ' ' : '') + '-0+'.charAt(code + 1);
    return (first ? '; ' : i > 0 ? ',' : '') + String(code);
  }).join('');
  return `[${text}]${shown.length < codes.length ? ` … ${codes.length} codes` : ''}`;
}

/** `2x2 /1,1 pad 0,0,0,0`: kernel, strides, then padding at the top, left, bottom and right. */
export function windowText(
  kernel: readonly [number, number],
  strides: readonly [number, number],
  padding: { top: number; left: number; bottom: number; right: number },
): string {
  const { top, left, bottom, right } = padding;
  return `${kernel.join('x')} /${strides.join(',')} pad ${top},${left},${bottom},${right}`;
}

export function shapeText(shape: readonly number[]): string {
  return `[${shape.join(',')}]`;
}
