/** Numbers and times as people read them. Pure; an unknown value is always an en dash. */
const NONE = '–';
// Kept: making one takes longer than a hundred uses of it, and tables use them for every row.
const DAY = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short', year: 'numeric' });
const TIME = new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit' });
/** Made once: `toLocaleString` looks its language up at each call. */
const GROUPED = new Intl.NumberFormat('en-US', { maximumFractionDigits: 0 });

/** A fraction as per cent: 0.98731 → `98.73 %`. */
export function percent(fraction: number | null | undefined, digits = 2): string {
  return isNumber(fraction) ? `${(fraction * 100).toFixed(digits)} %` : NONE;
}

/** At most four significant digits, in scientific form where a plain number would be all zeros. */
export function number(value: number | null | undefined): string {
  if (!isNumber(value)) return NONE;
  if (value === 0) return '0';
  const size = Math.abs(value);
  if (size < 0.001 || size >= 1e7) {
    const [mantissa = '', exponent = ''] = value.toExponential(2).split('e');
    return `${Number(mantissa)}e${Number(exponent)}`.replaceAll('-', '−');
  }
  const text = size >= 1000 ? GROUPED.format(Math.round(value)) : String(Number(value.toPrecision(4)));
  return text.replace('-', '−');
}

/** A signed change: 0.0123 → `+0.0123`. */
export function signed(value: number, format: (value: number) => string = number): string {
  if (value === 0) return '±0';
  return value > 0 ? `+${format(value)}` : `−${format(-value)}`;
}

export function count(value: number | null | undefined): string {
  return isNumber(value) ? GROUPED.format(Math.round(value)) : NONE;
}

/** Binary multiples, as linkers and data sheets count: 15912 → `15.5 KiB`. */
export function bytes(value: number | null | undefined): string {
  if (!isNumber(value)) return NONE;
  if (value < 1024) return `${value} B`;
  const units = ['KiB', 'MiB', 'GiB', 'TiB'];
  let size = value / 1024;
  let unit = 0;
  while (size >= 1024 && unit < units.length - 1) {
    size /= 1024;
    unit++;
  }
  return `${size.toFixed(size < 100 ? 1 : 0)} ${units[unit]}`;
}

/** Seconds as `42 s`, `3 min 05 s` or `2 h 14 min`. */
export function duration(seconds: number | null | undefined): string {
  if (!isNumber(seconds)) return NONE;
  const whole = Math.max(0, Math.round(seconds));
  if (whole < 60) return `${whole} s`;
  const pad = (value: number) => String(value).padStart(2, '0');
  if (whole < 3600) return `${Math.floor(whole / 60)} min ${pad(whole % 60)} s`;
  return `${Math.floor(whole / 3600)} h ${pad(Math.floor((whole % 3600) / 60))} min`;
}

/** How long ago: `just now`, `12 min ago`, `3 h ago`, `yesterday`, then the date. */
export function ago(iso: string | null | undefined, now: number): string {
  if (!iso) return NONE;
  const then = Date.parse(iso);
  const seconds = (now - then) / 1000;
  if (seconds < 60) return 'just now';
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min ago`;
  if (seconds < 86_400) return `${Math.floor(seconds / 3600)} h ago`;
  if (seconds < 172_800) return 'yesterday';
  return DAY.format(then);
}

/** `14 Mar 2026, 09:26` in the person's own time zone. */
export function moment(iso: string | null | undefined): string {
  if (!iso) return NONE;
  const date = new Date(iso);
  return `${DAY.format(date)}, ${TIME.format(date)}`;
}

function isNumber(value: number | null | undefined): value is number {
  return value !== null && value !== undefined && Number.isFinite(value);
}
