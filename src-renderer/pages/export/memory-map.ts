import type { BundlePlan } from '#shared/contract/api/export.ts';

/** Part of a memory, with its name. */
export interface Segment {
  name: string;
  bytes: number;
  /** Number of its colour; absent: grey, for what belongs to no layer. */
  look?: number;
}

type Sizes = Pick<BundlePlan, 'flashBytes' | 'ramBytes' | 'weightBytes' | 'arenaBytes' | 'arena'> & {
  layers: readonly { id: string; tableBytes: number }[];
};

/** Flash: the tables of every layer, other tables, and, where it was linked, everything else. Empty parts are left out. */
export function flashSegments({ layers, weightBytes, flashBytes }: Sizes): Segment[] {
  const tables = layers.map(({ id, tableBytes }, look) => ({ name: id, bytes: tableBytes, look }));
  const known = tables.reduce((sum, { bytes }) => sum + bytes, 0);
  const all: Segment[] = [...tables, { name: 'other tables', bytes: weightBytes - known }];
  if (flashBytes !== null) all.push({ name: 'code and start-up', bytes: flashBytes - weightBytes });
  return all.filter(({ bytes }) => bytes > 0);
}

/** RAM: the arena, and, where it was linked, everything else. */
export function ramSegments({ arenaBytes, ramBytes }: Sizes): Segment[] {
  const all: Segment[] = [{ name: 'activation arena', bytes: arenaBytes, look: 0 }];
  if (ramBytes !== null) all.push({ name: 'other variables', bytes: ramBytes - arenaBytes });
  return all.filter(({ bytes }) => bytes > 0);
}

export type BlockRole = 'value' | 'kept' | 'scratch';

export interface Block {
  id: string;
  offset: number;
  bytes: number;
  role: BlockRole;
}

/** The arena while one layer runs. */
export interface ArenaRow {
  id: string;
  blocks: Block[];
  /** Bytes in use by each role; blocks that share bytes within a layer count once, for the first role of the list. */
  value: number;
  kept: number;
  scratch: number;
  inUse: number;
}

const ROLES: readonly BlockRole[] = ['value', 'kept', 'scratch'];

/**
 * The arena layer by layer: values that the layer writes for later ones, values of earlier layers that it reads or that a
 * later one still needs, and what it needs only while it runs.
 */
export function arenaRows(arena: BundlePlan['arena'], layers: readonly { id: string }[]): ArenaRow[] {
  return layers.map(({ id }, layer) => {
    const blocks = arena
      .filter(({ from, to }) => from <= layer && layer <= to)
      .map(({ id: block, offset, bytes, from, to }): Block => {
        const role = from < layer ? 'kept' : to > layer || block === id ? 'value' : 'scratch';
        return { id: block, offset, bytes, role };
      });
    let counted = 0;
    const parts = { value: 0, kept: 0, scratch: 0 };
    for (const [index, role] of ROLES.entries()) {
      const among = blocks.filter((block) => ROLES.indexOf(block.role) <= index);
      const covered = coveredBytes(among);
      parts[role] = covered - counted;
      counted = covered;
    }
    return { id, blocks, ...parts, inUse: counted };
  });
}

/** Bytes that at least one of the blocks covers. */
function coveredBytes(blocks: readonly Block[]): number {
  let end = 0;
  let covered = 0;
  for (const { offset, bytes } of blocks.toSorted((a, b) => a.offset - b.offset)) {
    covered += Math.max(0, offset + bytes - Math.max(end, offset));
    end = Math.max(end, offset + bytes);
  }
  return covered;
}

/** What a bar says to those who cannot see it. */
export function spoken(
  title: string,
  segments: readonly Segment[],
  write: (bytes: number) => string,
): string {
  return `${title}: ${segments.map(({ name, bytes }) => `${name} ${write(bytes)}`).join(', ')}`;
}
