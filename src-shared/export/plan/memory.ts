import { ARENA_ALIGNMENT, type Buffer } from './types.ts';

/**
 * Gives every buffer its offset: largest first, each at the lowest place where it overlaps no buffer that is alive at
 * the same time. Deterministic: equal sizes go by first step, then by id.
 *
 * @returns the buffers with offsets, in the given order, and the bytes of the whole arena
 */
export function placeBuffers(buffers: readonly Omit<Buffer, 'offset'>[]): {
  buffers: Buffer[];
  arenaBytes: number;
} {
  const order = buffers.toSorted((a, b) => b.bytes - a.bytes || a.from - b.from || (a.id < b.id ? -1 : 1));
  const placed: Buffer[] = [];
  for (const buffer of order) {
    const neighbours = placed
      .filter((other) => other.from <= buffer.to && buffer.from <= other.to)
      .sort((a, b) => a.offset - b.offset);
    let offset = 0;
    for (const other of neighbours) {
      if (offset + buffer.bytes <= other.offset) break;
      offset = Math.max(offset, align(other.offset + other.bytes));
    }
    placed.push({ ...buffer, offset });
  }
  const offsets = new Map(placed.map((buffer) => [buffer.id, buffer.offset]));
  const arenaBytes = align(
    placed.reduce((end, buffer) => Math.max(end, buffer.offset + buffer.bytes), ARENA_ALIGNMENT),
  );
  return {
    buffers: buffers.map((buffer) => ({ ...buffer, offset: offsets.get(buffer.id) ?? 0 })),
    arenaBytes,
  };
}

function align(bytes: number): number {
  return Math.ceil(bytes / ARENA_ALIGNMENT) * ARENA_ALIGNMENT;
}
