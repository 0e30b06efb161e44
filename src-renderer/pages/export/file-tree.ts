/** One line of a folder tree: a folder, or a file in it. */
export interface TreeRow {
  path: string;
  name: string;
  depth: number;
  folder: boolean;
}

/** Relative paths as a tree in lines: folders first, then files, both by name. */
export function treeRows(files: readonly string[]): TreeRow[] {
  interface Node {
    folders: Map<string, Node>;
    files: string[];
  }
  const root: Node = { folders: new Map(), files: [] };
  for (const file of files) {
    const parts = file.split('/');
    const name = parts.pop() ?? file;
    let node = root;
    for (const part of parts) {
      const child = node.folders.get(part) ?? { folders: new Map(), files: [] };
      node.folders.set(part, child);
      node = child;
    }
    node.files.push(name);
  }
  const rows: TreeRow[] = [];
  const walk = (node: Node, prefix: string, depth: number) => {
    for (const name of [...node.folders.keys()].toSorted()) {
      const child = node.folders.get(name);
      if (!child) continue;
      rows.push({ path: `${prefix}${name}`, name, depth, folder: true });
      walk(child, `${prefix}${name}/`, depth + 1);
    }
    for (const name of node.files.toSorted())
      rows.push({ path: `${prefix}${name}`, name, depth, folder: false });
  };
  walk(root, '', 0);
  return rows;
}
