import type { Border } from '../ir/graph.ts';
import type { Place } from '../plan/types.ts';
import type { StepContext } from './types.ts';

export const C_TYPE = { u8: 'uint8_t', i8: 'int8_t', i32: 'int32_t' } as const;

/** Elements between rows of a place. */
export function rowStep(place: Place): number {
  return (place.width + place.border.left + place.border.right) * place.channels;
}

/** C expressions for addresses in the arena. */
export class Addresses {
  readonly #offsets: Map<string, number>;

  constructor(emission: StepContext) {
    this.#offsets = new Map(emission.plan.buffers.map((buffer) => [buffer.id, buffer.offset]));
  }

  /** Start of a buffer as a pointer to elements. */
  buffer(id: string, type: string): string {
    const offset = this.#offsets.get(id) ?? 0;
    return type === 'uint8_t' ? `(bytes + ${offset}U)` : `(${type} *)(void *)(bytes + ${offset}U)`;
  }

  /** First byte of a place, its border included. */
  whole(place: Place): string {
    return this.buffer(place.buffer, 'uint8_t');
  }

  /** First element inside the border, less a padding of its own. */
  inner(place: Place, padding: Border = { top: 0, left: 0, bottom: 0, right: 0 }): string {
    const rows = place.border.top - padding.top;
    const columns = place.border.left - padding.left;
    const elements = rows * rowStep(place) + columns * place.channels;
    const base =
      place.buffer === 'input'
        ? 'input'
        : this.buffer(place.buffer, place.sliced ? 'uint32_t' : C_TYPE[place.type]);
    return elements === 0 ? base : `${base} + ${elements}U`;
  }
}
