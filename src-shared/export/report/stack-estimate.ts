import type { z } from 'zod';
import { INDIRECT, type CallGraph } from './call-graph.ts';
import type { StackEstimateSchema } from './schema.ts';

export type StackEstimate = z.output<typeof StackEstimateSchema>;

/**
 * The deepest stack below `root`: the largest sum of the functions' own stack along any chain of calls. Interrupts come
 * on top. A call through a pointer is taken for the deepest function that a pointer may point to. Recursion and arrays of
 * variable length have no bound: then `bytes` is null, and they are named.
 *
 * @param pointees names of the functions whose address is taken
 */
export function estimateStack(graph: CallGraph, root: string, pointees: ReadonlySet<string>): StackEstimate {
  const candidates = [...graph.functions]
    .filter(([, { name }]) => pointees.has(name))
    .map(([title]) => title)
    .sort();
  const deepest = new Map<string, { bytes: number; next: string | null }>();
  const found = { indirect: false, recursion: new Set<string>(), unbounded: new Set<string>() };
  const unknown = new Set<string>();
  const open = new Set<string>();
  const nameOf = (title: string) => graph.functions.get(title)?.name ?? title;

  const visit = (title: string): number => {
    const known = deepest.get(title);
    if (known) return known.bytes;
    const use = graph.functions.get(title);
    if (!use) {
      unknown.add(title);
      return 0;
    }
    if (!use.bounded) found.unbounded.add(use.name);
    open.add(title);
    let below = { bytes: 0, next: null as string | null };
    for (const called of (graph.calls.get(title) ?? []).flatMap(targets)) {
      if (open.has(called)) {
        found.recursion.add(nameOf(called));
        continue;
      }
      const bytes = visit(called);
      if (bytes > below.bytes) below = { bytes, next: called };
    }
    open.delete(title);
    const total = { bytes: use.bytes + below.bytes, next: below.next };
    deepest.set(title, total);
    return total.bytes;
  };
  const targets = (called: string): readonly string[] => {
    if (called !== INDIRECT) return [called];
    found.indirect = true;
    if (candidates.length === 0) found.unbounded.add('a call through a pointer');
    return candidates;
  };

  const bytes = visit(root);
  const path: StackEstimate['path'] = [];
  for (let title: string | null = root; title !== null; title = deepest.get(title)?.next ?? null) {
    path.push({ function: nameOf(title), bytes: graph.functions.get(title)?.bytes ?? 0 });
  }
  const sorted = (names: ReadonlySet<string>) => [...names].sort();
  const bounded = found.recursion.size === 0 && found.unbounded.size === 0 && graph.functions.has(root);
  return {
    bytes: bounded ? bytes : null,
    path,
    indirect: found.indirect ? candidates.map(nameOf) : [],
    recursion: sorted(found.recursion),
    unbounded: sorted(found.unbounded),
    unknown: sorted(unknown),
  };
}
