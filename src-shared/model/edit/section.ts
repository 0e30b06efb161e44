import { readersOf, type Link } from './links.ts';

/** Some layers as one piece of the graph. */
export interface Section {
  /** What its layers read from outside, in order; each once. */
  sources: string[];
  /** Its layers that are read from outside, or by nobody: through these its values leave. */
  exits: string[];
}

export function sectionOf(links: readonly Link[], ids: readonly string[]): Section {
  const inside = new Set(ids);
  const members = links.filter(({ layer }) => inside.has(layer.id));
  const readers = readersOf(links);
  return {
    sources: [...new Set(members.flatMap(({ inputs }) => inputs.filter((name) => !inside.has(name))))],
    exits: members
      .map(({ layer }) => layer.id)
      .filter((id) => {
        const by = readers.get(id) ?? [];
        return by.length === 0 || by.some((reader) => !inside.has(reader));
      }),
  };
}
