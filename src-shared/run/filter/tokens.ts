/** One condition as it was typed: `-tag:paper,"two words"`. */
export interface Token {
  /** Its place in the text. */
  start: number;
  end: number;
  negated: boolean;
  /** Null: a bare word. */
  field: string | null;
  operator: Symbol | null;
  values: { text: string; start: number; quoted: boolean }[];
  /** A quotation mark that is not closed. */
  open: boolean;
}

export type Symbol = ':' | '=' | '!=' | '<=' | '>=' | '<' | '>';
const FIELD = /^([a-z][^\s"=:<>!]*)(!=|<=|>=|[:=<>])/i;

/** The conditions of a filter, told apart but not yet understood. */
export function tokenize(text: string): Token[] {
  const tokens: Token[] = [];
  let at = 0;
  while (at < text.length) {
    if (/\s/.test(text[at] ?? '')) {
      at++;
      continue;
    }
    const token = readToken(text, at);
    tokens.push(token);
    at = token.end;
  }
  return tokens;
}

function readToken(text: string, start: number): Token {
  let at = start;
  const negated = text[at] === '-';
  if (negated) at++;
  const named = FIELD.exec(text.slice(at));
  const token: Token = {
    start,
    end: at,
    negated,
    field: named?.[1] ?? null,
    operator: (named?.[2] as Symbol | undefined) ?? null,
    values: [],
    open: false,
  };
  at += named?.[0].length ?? 0;
  for (;;) {
    const value = readValue(text, at, named !== null);
    token.values.push({ text: value.text, start: at, quoted: value.quoted });
    token.open ||= value.open;
    at = value.end;
    if (named === null || text[at] !== ',') break;
    at++;
  }
  token.end = at;
  return token;
}

function readValue(text: string, start: number, listed: boolean) {
  if (text[start] === '"') {
    const close = text.indexOf('"', start + 1);
    const open = close < 0;
    const end = open ? text.length : close + 1;
    return { text: text.slice(start + 1, open ? end : close), end, quoted: true, open };
  }
  let end = start;
  while (end < text.length && !/\s/.test(text[end] ?? '') && !(listed && text[end] === ',')) end++;
  return { text: text.slice(start, end), end, quoted: false, open: false };
}
