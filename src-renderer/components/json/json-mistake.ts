/** The first thing in a text that keeps it from being JSON. */
export interface JsonMistake {
  /** Where it is: offset in the text. */
  at: number;
  /** Counts from 1. */
  line: number;
  /** What is wrong, without the line. */
  text: string;
}

const LITERAL = /^(?:true|false|null|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?)$/;

class Found extends Error {
  readonly at: number;
  constructor(at: number, text: string) {
    super(text);
    this.at = at;
  }
}

/** Reads a text as `JSON.parse` does, but says in plain words what is wrong, and refuses a field that is there twice. */
export function readJson(text: string): { value: unknown } | { mistake: JsonMistake } {
  try {
    scan(text);
    return { value: JSON.parse(text) as unknown };
  } catch (error) {
    const at = error instanceof Found ? error.at : 0;
    return {
      mistake: {
        at,
        line: lineAt(text, at),
        text: error instanceof Error ? error.message : String(error),
      },
    };
  }
}

export function lineAt(text: string, at: number): number {
  return text.slice(0, at).split('\n').length;
}

function scan(text: string): void {
  let at = 0;
  const stop = (where: number, message: string): never => {
    throw new Found(Math.min(where, text.length), message);
  };

  function skip(): void {
    while (at < text.length && ' \t\r\n'.includes(text[at] ?? '')) at++;
    if (text.startsWith('//', at) || text.startsWith('/*', at)) stop(at, 'JSON has no comments');
  }

  function string(): string {
    const start = at;
    for (at++; at < text.length && text[at] !== '"'; at++) {
      if (text[at] === '\n') stop(start, 'This text is not closed: a " is missing');
      if (text[at] === '\\') at++;
    }
    if (at >= text.length) stop(start, 'This text is not closed: a " is missing');
    at++;
    const raw = text.slice(start, at);
    try {
      return JSON.parse(raw) as string;
    } catch {
      return stop(start, 'This text has a character or an escape that JSON does not allow');
    }
  }

  function key(seen: Set<string>): void {
    const start = at;
    if (text[at] !== '"') {
      const word = /^[^\s:,{}[\]]+/.exec(text.slice(at, at + 200))?.[0];
      if (word === undefined) stop(at, 'The name of a field is missing here, in double quotes');
      stop(at, `The name of a field needs double quotes: "${String(word).replace(/^'|'$/g, '')}"`);
    }
    const name = string();
    if (seen.has(name)) stop(start, `The field "${name}" is here twice`);
    seen.add(name);
    skip();
    if (text[at] !== ':') stop(at, `A colon is missing after "${name}"`);
    at++;
  }

  /** Between two items, or at the end: whether there is another. */
  function goesOn(opening: number, close: string, what: string): boolean {
    skip();
    if (at >= text.length) {
      const line = lineAt(text, opening);
      stop(
        at,
        `The text ends, but the ${what} that begins on line ${line} is not closed: ${close} is missing`,
      );
    }
    if (text[at] === close) return false;
    if (text[at] !== ',') stop(at, `A comma is missing here, or ${close} to end the ${what}`);
    const comma = at++;
    skip();
    if (text[at] === close) stop(comma, `No comma may stand before ${close}`);
    return true;
  }

  function many(close: '}' | ']', what: string, item: () => void): void {
    const opening = at++;
    skip();
    if (text[at] !== close)
      do item();
      while (goesOn(opening, close, what));
    at++;
  }

  function value(): void {
    skip();
    const first = text[at];
    if (first === '"') string();
    else if (first === '{') {
      const seen = new Set<string>();
      many('}', 'object', () => {
        key(seen);
        value();
      });
    } else if (first === '[') many(']', 'list', value);
    else literal();
  }

  function literal(): void {
    const start = at;
    if (at >= text.length) stop(at, 'A value is missing here');
    while (at < text.length && !/[\s,:{}[\]]/.test(text[at] ?? '')) at++;
    const word = text.slice(start, at);
    if (word === '') stop(start, 'A value is missing here');
    if (LITERAL.test(word)) return;
    if (word.startsWith("'")) stop(start, 'A text needs double quotes: "…"');
    if (/^[-+.\d]/.test(word)) stop(start, `${word} is no number as JSON writes it`);
    stop(start, `${word} is no value: a text needs double quotes, else only numbers, true, false and null`);
  }

  skip();
  if (at >= text.length) stop(at, 'The text is empty');
  value();
  skip();
  if (at < text.length) stop(at, 'Here is more, after the end of the document');
}
