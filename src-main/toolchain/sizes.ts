/** Bytes of an image by where they lie, from the linker's own output. */
export interface ImageSizes {
  /** Code, constants, and the load image of initialised data. */
  flashBytes: number;
  /** Initialised and zeroed data; the arena is among it. The stack is not. */
  ramBytes: number;
}

/** Reads what `size -A` prints: one line per section, `name size address`. */
export function parseSizes(text: string): ImageSizes {
  let flashBytes = 0;
  let ramBytes = 0;
  for (const line of text.split('\n')) {
    const match = /^(\.[\w.$-]+)\s+(\d+)\s+\d+/.exec(line);
    if (!match) continue;
    const bytes = Number(match[2]);
    const section = match[1] ?? '';
    if (/^\.(vectors|text|rodata|srodata|data\.rel\.ro)(\.|$)/.test(section)) flashBytes += bytes;
    else if (/^\.s?data(\.|$)/.test(section)) {
      flashBytes += bytes;
      ramBytes += bytes;
    } else if (/^\.s?bss(\.|$)/.test(section)) ramBytes += bytes;
  }
  return { flashBytes, ramBytes };
}
