/** Stack of a function and what it calls, as GCC writes them (`-fcallgraph-info=su`). */
export interface CallGraph {
  functions: Map<string, StackUse>;
  /** Titles of the functions that each one calls; INDIRECT for a call through a pointer. */
  calls: Map<string, string[]>;
}
export interface StackUse {
  /** Name without the file. */
  name: string;
  bytes: number;
  /** Whether the number is all that it takes: not so with arrays of variable length. */
  bounded: boolean;
}

/** GCC's name for what a pointer points to. */
export const INDIRECT = '__indirect_call';

/** Reads the `.ci` files of a program's objects as one graph. A static function's title has its file: `a.c:help`. */
export function parseCallGraphs(texts: readonly string[]): CallGraph {
  const graph: CallGraph = { functions: new Map(), calls: new Map() };
  for (const line of texts.flatMap((text) => text.split('\n'))) {
    const node = /^node: \{ title: "([^"]+)" label: "([^"]*)"/.exec(line);
    const stack = /\\n(\d+) bytes \(([a-z, ]+)\)/.exec(node?.[2] ?? '');
    if (node && stack) {
      graph.functions.set(node[1] ?? '', {
        name: (node[2] ?? '').split('\\n')[0] ?? '',
        bytes: Number(stack[1]),
        bounded: stack[2] !== 'dynamic',
      });
    }
    const edge = /^edge: \{ sourcename: "([^"]+)" targetname: "([^"]+)"/.exec(line);
    if (!edge) continue;
    const [, from = '', to = ''] = edge;
    const known = graph.calls.get(from) ?? [];
    if (!known.includes(to)) graph.calls.set(from, [...known, to]);
  }
  return graph;
}

/** Whether anything that `root` reaches calls through a pointer. */
export function callsThroughPointers({ calls }: CallGraph, root: string): boolean {
  const seen = new Set<string>();
  const visit = (title: string): boolean => {
    if (title === INDIRECT) return true;
    if (seen.has(title)) return false;
    seen.add(title);
    return (calls.get(title) ?? []).some(visit);
  };
  return visit(root);
}
