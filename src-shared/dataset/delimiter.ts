/** What may stand between the cells of a table, by name. */
export const DELIMITERS = { comma: ',', semicolon: ';', tab: '\t', pipe: '|', space: ' ' } as const;
export type Delimiter = keyof typeof DELIMITERS;

/**
 * The delimiter of a text: the one that divides its first lines into the most cells, the same number in each. Comma where
 * none does.
 *
 * @param text the beginning of a file; its last line may be cut off
 */
export function guessDelimiter(text: string): Delimiter {
  const lines = text
    .split(/\r?\n/)
    .filter((line) => line.trim() !== '')
    .slice(0, 20);
  // The last of many may be cut off.
  const whole = lines.length > 2 ? lines.slice(0, -1) : lines;
  let best: { name: Delimiter; cells: number } = { name: 'comma', cells: 1 };
  for (const [name, delimiter] of Object.entries(DELIMITERS) as [Delimiter, string][]) {
    const counts = whole.map((line) => cellsOf(line, delimiter));
    const [cells = 1] = counts;
    if (cells > best.cells && counts.every((count) => count === cells)) best = { name, cells };
  }
  return best.name;
}

/** Cells of a line; what stands in quotes is not divided. */
function cellsOf(line: string, delimiter: string): number {
  let cells = 1;
  let quoted = false;
  for (const character of line) {
    if (character === '"') quoted = !quoted;
    else if (character === delimiter && !quoted) cells++;
  }
  return cells;
}
