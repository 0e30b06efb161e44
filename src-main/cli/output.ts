/** The result of a command: JSON where it is asked for, else text. Both on standard output. */
export function printResult(json: boolean | undefined, result: unknown, text: () => string): void {
  console.log(json ? JSON.stringify(result, null, 2) : text());
}

/** A plain table with aligned columns; numbers to the right. */
export function table(
  head: readonly string[],
  rows: readonly (readonly (string | number | null)[])[],
): string {
  const cells = rows.map((row) => row.map((cell) => (cell === null ? '–' : String(cell))));
  const widths = head.map((title, i) => Math.max(title.length, ...cells.map((row) => row[i]?.length ?? 0)));
  const numeric = head.map(
    (_, i) => rows.length > 0 && rows.every((row) => typeof (row[i] ?? 0) === 'number'),
  );
  const line = (row: readonly string[]) =>
    row
      .map((cell, i) => (numeric[i] ? cell.padStart(widths[i] ?? 0) : cell.padEnd(widths[i] ?? 0)))
      .join('  ')
      .trimEnd();
  return [line(head), widths.map((width) => '─'.repeat(width)).join('  '), ...cells.map(line)].join('\n');
}

export function percent(fraction: number | null, digits = 2): string {
  return fraction === null ? '–' : `${(fraction * 100).toFixed(digits)} %`;
}

export function seconds(value: number | null): string {
  if (value === null) return '–';
  if (value < 100) return `${Math.round(value)} s`;
  return value < 6000 ? `${Math.round(value / 60)} min` : `${(value / 3600).toFixed(1)} h`;
}

export function bytes(value: number | null): string {
  return value === null ? '–' : `${value.toLocaleString('en')} B`;
}

/** Lines about what is going on, on standard error. On a terminal the last one is rewritten in place. */
export class ProgressLine {
  #open = false;
  readonly #live = process.stderr.isTTY;

  /** A line that the next one replaces. Where there is no terminal it is not shown. */
  update(text: string): void {
    if (!this.#live) return;
    process.stderr.write(`\r\u001b[2K${text.slice(0, (process.stderr.columns || 80) - 1)}`);
    this.#open = true;
  }

  /** A line that stays. */
  note(text: string): void {
    if (this.#open) process.stderr.write('\r\u001b[2K');
    this.#open = false;
    process.stderr.write(`${text}\n`);
  }

  end(): void {
    if (this.#open) process.stderr.write('\r\u001b[2K');
    this.#open = false;
  }
}
