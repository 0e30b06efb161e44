/** Values as a person writes them: JSON between commas, words without quotes. `[…]` is read as one JSON list. */
export function readValues(text: string): unknown[] {
  const trimmed = text.trim();
  if (trimmed.startsWith('[')) {
    const list = readJson(trimmed);
    if (Array.isArray(list)) return list;
  }
  return splitTop(trimmed).map((part) => readJson(part) ?? part);
}

export function writeValues(values: readonly unknown[]): string {
  return values.map(writeValue).join(', ');
}

/** Words that are read as themselves, wherever they stand. */
const PLAIN = /^[\w.+-]+( [\w.+-]+)*$/;

function writeValue(value: unknown): string {
  const bare = typeof value === 'string' && PLAIN.test(value) && readJson(value) === undefined;
  return bare ? value : (JSON.stringify(value) ?? '');
}

/** JSON, or undefined for what is none; `null` stays text, no field of a configuration is null. */
function readJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

/** The parts between commas that are neither in brackets nor in quotes; empty ones are left out. */
function splitTop(text: string): string[] {
  const parts: string[] = [];
  let depth = 0;
  let quoted = false;
  let part = '';
  for (let i = 0; i < text.length; i++) {
    const character = text[i] ?? '';
    if (quoted && character === '\\') {
      part += character + (text[++i] ?? '');
      continue;
    }
    if (character === '"') quoted = !quoted;
    if (!quoted && '[{'.includes(character)) depth++;
    if (!quoted && ']}'.includes(character)) depth--;
    if (character === ',' && !quoted && depth <= 0) {
      parts.push(part);
      part = '';
    } else part += character;
  }
  return [...parts, part].map((one) => one.trim()).filter((one) => one !== '');
}
