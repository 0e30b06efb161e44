/**
 * The line on which each value of a JSON text begins, by its path (`run.training.epochs`, `space.x.values[2]`). Lines count
 * from 1.
 *
 * @param text valid JSON
 */
export function jsonLines(text: string): Map<string, number> {
  const lines = new Map<string, number>();
  let at = 0;
  let line = 1;

  function skip(): void {
    for (; at < text.length && /[\s,:]/.test(text[at] ?? ''); at++) if (text[at] === '\n') line++;
  }
  function string(): string {
    const start = at;
    for (at++; at < text.length && text[at] !== '"'; at++) if (text[at] === '\\') at++;
    at++;
    return JSON.parse(text.slice(start, at)) as string;
  }
  function value(path: string): void {
    skip();
    if (!lines.has(path)) lines.set(path, line);
    const opening = text[at];
    if (opening === '"') string();
    else if (opening === '{' || opening === '[') {
      at++;
      skip();
      for (let i = 0; at < text.length && text[at] !== '}' && text[at] !== ']'; i++) {
        const here = line;
        if (opening === '[') value(`${path}[${i}]`);
        else {
          const key = string();
          const inner = path === '' ? key : `${path}.${key}`;
          lines.set(inner, here);
          value(inner);
        }
        skip();
      }
      at++;
    } else while (at < text.length && !/[\s,\]}]/.test(text[at] ?? '')) at++;
  }
  value('');
  return lines;
}

/** The line of a field, or of the nearest thing around it that is there. */
export function lineOf(lines: ReadonlyMap<string, number>, path: string): number {
  let rest = path;
  for (;;) {
    const line = lines.get(rest);
    if (line !== undefined) return line;
    const cut = Math.max(rest.lastIndexOf('.'), rest.lastIndexOf('['));
    if (cut < 0) return 1;
    rest = rest.slice(0, cut);
  }
}
