const WIDTH = 110;

/** `static const int32_t x[3] = {…};` with lines of at most 110 columns. */
export function arrayText(declaration: string, values: readonly string[], indent = '    '): string {
  const lines: string[] = [];
  let line = indent;
  for (const value of values) {
    const piece = `${value}, `;
    if (line.length + piece.length > WIDTH && line !== indent) {
      lines.push(line.trimEnd());
      line = indent;
    }
    line += piece;
  }
  lines.push(line.trimEnd());
  return `${declaration} = {\n${lines.join('\n')}\n};\n`;
}

/** int32_t literals. The most negative number has no literal in C. */
export function int32Literal(value: number): string {
  return value === -0x80000000 ? '(-2147483647 - 1)' : String(value);
}

export function hex32(value: number): string {
  return `0x${(value >>> 0).toString(16).toUpperCase().padStart(8, '0')}U`;
}

/** A C string literal of plain ASCII; anything else is replaced by `?`. */
export function stringLiteral(text: string): string {
  const safe = text.replace(/[^\x20-\x7e]/g, '?').replace(/["\\]/g, (character) => `\\${character}`);
  // Trigraphs: no two question marks in a row.
  return `"${safe.replaceAll('??', '?\\?')}"`;
}

/** Text that stands in a comment: it cannot end the comment. */
export function commentText(text: string): string {
  return text
    .replace(/[^\x20-\x7e]/g, '?')
    .replaceAll('*/', '* /')
    .replaceAll('/*', '/ *');
}

/** First lines of every generated file: who made it, from what. No date: the same inputs give the same bytes. */
export function banner(what: string, lines: readonly string[]): string {
  const text = [what, ...lines].map((line) => ` * ${commentText(line)}`.trimEnd());
  return `/*\n${text.join('\n')}\n * Do not edit: generated. SPDX-License-Identifier: Apache-2.0\n */\n`;
}
