/** Numbers as pages and tables show them; a dash for what is not known. */

export function whole(value: number | null): string {
  return value === null ? '–' : Math.round(value).toLocaleString('en');
}

export function percent(share: number | null, digits = 1): string {
  return share === null ? '–' : `${(100 * share).toFixed(digits)} %`;
}

export function factor(dense: number, left: number): string {
  return left > 0 ? `${(dense / left).toFixed(2)}×` : '–';
}

/** With its sign, so that a growth is seen. */
export function signed(difference: number | null): string {
  if (difference === null) return '–';
  const digits = Math.abs(Math.round(difference)).toLocaleString('en');
  return difference === 0 ? '0' : difference > 0 ? `+${digits}` : `−${digits}`;
}
