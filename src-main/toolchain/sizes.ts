import { sectionMemory } from '#shared/export/report/section-memory.ts';

/** Bytes of an image by where they lie, from the linker's own output. */
export interface ImageSizes {
  /** Code, constants, and the load image of initialised data. */
  flashBytes: number;
  /** Initialised and zeroed data; the arena is among it. The stack is not. */
  ramBytes: number;
}

/** A section that is loaded, and where it lies. */
export interface Section {
  name: string;
  bytes: number;
  memory: 'flash' | 'ram' | 'both';
}

/** Reads what `size -A` prints: one line per section, `name size address`. Sections that are not loaded are left out. */
export function parseSections(text: string): Section[] {
  return text.split('\n').flatMap((line) => {
    const match = /^(\.[\w.$-]+)\s+(\d+)\s+\d+/.exec(line);
    const memory = sectionMemory(match?.[1] ?? '');
    return match && memory !== null ? [{ name: match[1] ?? '', bytes: Number(match[2]), memory }] : [];
  });
}

/** Totals of what `size -A` prints. */
export function parseSizes(text: string): ImageSizes {
  return totalsOf(parseSections(text));
}

export function totalsOf(sections: readonly Section[]): ImageSizes {
  const sum = (without: Section['memory']) =>
    sections.reduce((bytes, section) => bytes + (section.memory === without ? 0 : section.bytes), 0);
  return { flashBytes: sum('ram'), ramBytes: sum('flash') };
}
