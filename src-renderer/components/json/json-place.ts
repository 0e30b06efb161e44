import { syntaxTree } from '@codemirror/language';
import type { EditorState } from '@codemirror/state';

type Node = ReturnType<ReturnType<typeof syntaxTree>['resolveInner']>;

/** What is being written at a position of a JSON text, broken as it may be while it is written. */
export interface JsonPlace {
  /** Of the object whose field is named, or of the value. */
  keys: (string | number)[];
  kind: 'name' | 'value';
  /** What of it is there already, without quotes. */
  typed: string;
  /** What a completion takes the place of. */
  from: number;
  to: number;
  /** The document as far as it can be understood. */
  root: unknown;
}

const VALUES = ['Object', 'Array', 'String', 'Number', 'True', 'False', 'Null'];

export function jsonPlaceAt(state: EditorState, at: number): JsonPlace | null {
  const before = state.sliceDoc(0, at);
  const word = /"?[\w.-]*$/.exec(before)?.[0] ?? '';
  const from = at - word.length;
  const rest = /^[\w.-]*"?/.exec(state.sliceDoc(at, at + 200))?.[0] ?? '';
  const place = {
    typed: word.replace(/^"/, ''),
    from,
    to: at + (word === '' ? 0 : rest.length),
    root: valueOf(state, syntaxTree(state).topNode.firstChild),
  };
  const ahead = before.slice(0, from).trimEnd();
  const container = containerAt(state, ahead.length);
  if (!container) return null;
  const keys = keysOf(state, container);
  if (ahead.endsWith(':')) {
    const name = /"((?:[^"\\\n]|\\.)*)"\s*:$/.exec(ahead)?.[1];
    return name === undefined ? null : { ...place, keys: [...keys, name], kind: 'value' };
  }
  if (!/[{[,]$/.test(ahead)) return null;
  if (container.name === 'Object') return { ...place, keys, kind: 'name' };
  const index = children(container).filter((one) => VALUES.includes(one.name) && one.to <= from).length;
  return { ...place, keys: [...keys, index], kind: 'value' };
}

function containerAt(state: EditorState, at: number): Node | null {
  for (let node: Node | null = syntaxTree(state).resolveInner(at, -1); node; node = node.parent) {
    const closed = node.lastChild && /^[}\]]$/.test(node.lastChild.name) && node.to <= at;
    if ((node.name === 'Object' || node.name === 'Array') && !closed) return node;
  }
  return null;
}

function keysOf(state: EditorState, container: Node): (string | number)[] {
  const keys: (string | number)[] = [];
  for (let node = container; node.parent; node = node.parent) {
    const { parent } = node;
    if (parent.name === 'Property') keys.unshift(nameOf(state, parent) ?? '');
    else if (parent.name === 'Array')
      keys.unshift(children(parent).filter((one) => VALUES.includes(one.name) && one.to <= node.from).length);
  }
  return keys;
}

function children(node: Node): Node[] {
  const all: Node[] = [];
  for (let child = node.firstChild; child; child = child.nextSibling) all.push(child);
  return all;
}

function nameOf(state: EditorState, property: Node): string | undefined {
  const name = property.getChild('PropertyName');
  return name ? state.sliceDoc(name.from, name.to).slice(1, -1) : undefined;
}

function valueOf(state: EditorState, node: Node | null): unknown {
  if (!node) return undefined;
  if (node.name === 'Array')
    return children(node)
      .filter(({ name }) => VALUES.includes(name))
      .map((one) => valueOf(state, one));
  if (node.name === 'Object') {
    return Object.fromEntries(
      node.getChildren('Property').flatMap((property) => {
        const name = nameOf(state, property);
        const value = children(property).find((one) => VALUES.includes(one.name));
        return name === undefined || !value ? [] : [[name, valueOf(state, value)]];
      }),
    );
  }
  try {
    return JSON.parse(state.sliceDoc(node.from, node.to)) as unknown;
  } catch {
    return undefined;
  }
}
