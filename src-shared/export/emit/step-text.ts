import { mapShape, type PoolNode, type ThresholdNode } from '../ir/graph.ts';
import { ELEMENT_BYTES } from '../plan/layout.ts';
import type { Place } from '../plan/types.ts';
import { Addresses, rowStep } from './addresses.ts';
import type { StepContext } from './types.ts';

/** The C of one step: constant descriptions, and statements. */
export interface StepCode {
  structs: string[];
  calls: string[];
}

/** Collects the C of one step: what all kinds of steps are written with. */
export class StepText {
  readonly emission: StepContext;
  readonly symbol: string;
  /** Beginning of the names of the step's tables. */
  readonly table: string;
  readonly address: Addresses;
  readonly structs: string[] = [];
  readonly calls: string[] = [];

  constructor(emission: StepContext, symbol: string) {
    this.emission = emission;
    this.symbol = symbol;
    this.table = `${emission.name}_${symbol}`;
    this.address = new Addresses(emission);
  }

  call(kernel: string, parameters: readonly string[]): void {
    this.calls.push(
      `result = ${kernel}(${parameters.join(', ')});`,
      'if (result != BS_OK) {',
      '    return result;',
      '}',
    );
  }

  /** @returns the address of a constant description */
  struct(type: string, part: string, fields: readonly string[]): string {
    const name = `${this.symbol}_${part}`;
    this.structs.push(`static const ${type} ${name} = {${fields.join(', ')}};`);
    return `&${name}`;
  }

  map(part: string, place: Place): string {
    return this.struct('bs_map', part, mapFields(place));
  }

  /** The border of a new value holds zeros. */
  clear(place: Place): void {
    const { top, left, bottom, right } = place.border;
    if (place.sliced || top + left + bottom + right === 0) return;
    const bytes = (place.height + top + bottom) * rowStep(place) * ELEMENT_BYTES[place.type];
    this.calls.push(`memset(${this.address.whole(place)}, 0, ${bytes}U);`);
  }

  pool(node: PoolNode, from: Pick<Place, 'height' | 'width'>): string {
    const [outHeight, outWidth] = mapShape(node.shape);
    const { kernel, strides, padding } = node;
    const fields = [
      from.height,
      from.width,
      ...kernel,
      ...strides,
      padding.top,
      padding.left,
      outHeight,
      outWidth,
    ];
    return this.struct('bs_pool', 'pool', numbers(fields));
  }

  thresholds(node: ThresholdNode): string {
    const falling = node.direction.some((sign) => sign < 0);
    return this.struct('bs_thresholds', 'thresholds', [
      ...numbers([node.direction.length, node.steps]),
      `${this.table}_thresholds`,
      falling ? `${this.table}_direction` : 'NULL',
      `${this.table}_steps`,
    ]);
  }
}

export function mapFields(place: Place): string[] {
  return numbers([place.height, place.width, place.channels, rowStep(place)]);
}

export function numbers(values: readonly number[]): string[] {
  return values.map((value) => `${value}U`);
}
