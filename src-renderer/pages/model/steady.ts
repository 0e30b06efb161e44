import type { InspectedLayer, ModelInspection } from '#shared/model/inspect/types.ts';

/** Whether two values say the same. */
export function isSame(a: unknown, b: unknown): boolean {
  return a === b || JSON.stringify(a) === JSON.stringify(b);
}

/** `before` where `next` says the same: then nothing that depends on it is computed or drawn again. */
export function steady<T>(next: T, before: T | undefined): T {
  return before !== undefined && isSame(next, before) ? before : next;
}

/** An inspection in which every layer of which nothing new is said is the object that it was. */
export function steadyLayers(): (next: ModelInspection) => ModelInspection {
  let known = new Map<string, { text: string; layer: InspectedLayer }>();
  return (next) => {
    const fresh = new Map<string, { text: string; layer: InspectedLayer }>();
    const layers = next.layers.map((layer) => {
      const text = JSON.stringify(layer);
      const before = known.get(layer.id);
      const kept = before?.text === text ? before : { text, layer };
      fresh.set(layer.id, kept);
      return kept.layer;
    });
    known = fresh;
    return { ...next, layers };
  };
}
