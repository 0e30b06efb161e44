/** A part of a linked image, as the linker's map names it. */
export interface MapEntry {
  /** Output section, e.g. `.rodata`. */
  output: string;
  /** Input section, e.g. `.rodata.table`, or `*fill*` for bytes of alignment. */
  input: string;
  bytes: number;
  /** Object file, or archive with the member in brackets; empty for alignment. */
  file: string;
}

const NUMBERS = /^\s+0x([0-9a-f]+)\s+0x([0-9a-f]+)(?:\s+(\S.*))?\s*$/;

/**
 * Reads the map that GNU ld writes (`-Wl,-Map=…`): every input section that it placed, and the alignment between them.
 * Names that are too long for their column have their numbers on the next line. What was discarded is not placed.
 */
export function parseLinkMap(text: string): MapEntry[] {
  const entries: MapEntry[] = [];
  const begin = text.indexOf('\nLinker script and memory map');
  let output = '';
  let waiting: string | undefined;
  for (const line of text.slice(Math.max(begin, 0)).split('\n')) {
    if (/^[.\w/*]/.test(line)) {
      output = /^(\.[\w.$-]+)(?=\s|$)/.exec(line)?.[1] ?? '';
      waiting = undefined;
      continue;
    }
    const named = /^ (\*fill\*|[.\w$][\w.$-]*)(\s.*)?$/.exec(line);
    const input: string | undefined = named ? named[1] : waiting;
    const numbers = NUMBERS.exec(named ? (named[2] ?? '') : line);
    waiting = named && !numbers ? named[1] : undefined;
    if (!input || !numbers || output === '') continue;
    const file = numbers[3] ?? '';
    const fill = input === '*fill*';
    if (file === '' && !fill) continue;
    const bytes = parseInt(numbers[2] ?? '0', 16);
    if (bytes > 0) entries.push({ output, input, bytes, file: fill ? '' : file });
  }
  return entries;
}
