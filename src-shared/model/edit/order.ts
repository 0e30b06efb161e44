import type { Link } from './links.ts';

/**
 * Links in an order in which layers refer only backwards. What is in order stays as it is; a layer that is read too early
 * moves in front of its reader. Names of unknown layers and circles (a network may be wrong) are left where they are.
 */
export function sortLinks(links: readonly Link[]): Link[] {
  const byId = new Map(links.map((link) => [link.layer.id, link]));
  const sorted: Link[] = [];
  const begun = new Set<Link>();
  for (const root of links) {
    if (begun.has(root)) continue;
    begun.add(root);
    // By hand, not by recursion: a network may have a thousand layers in a row.
    const stack = [{ link: root, next: 0 }];
    for (let top = stack.at(-1); top; top = stack.at(-1)) {
      const name = top.link.inputs[top.next++];
      if (name === undefined) {
        sorted.push(top.link);
        stack.pop();
        continue;
      }
      const needed = byId.get(name);
      if (!needed || begun.has(needed)) continue;
      begun.add(needed);
      stack.push({ link: needed, next: 0 });
    }
  }
  return sorted;
}
