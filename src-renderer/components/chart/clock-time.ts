/** Milliseconds since 1970 as a person's clock shows them: `14 Mar 09:26:40`. */
export function clockTime(milliseconds: number): string {
  if (!Number.isFinite(milliseconds)) return '–';
  const date = new Date(milliseconds);
  const day = date.toLocaleDateString('en-GB', { day: 'numeric', month: 'short' });
  return `${day} ${date.toLocaleTimeString('en-GB')}`;
}
