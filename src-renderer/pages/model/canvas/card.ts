import type { Shape } from '#shared/model/types.ts';
import type { InspectedLayer } from '#shared/model/inspect/types.ts';
import { count, number } from '../../../components/base/format.ts';

/** [28, 28, 1] → `28×28×1`; an unknown shape is `?`. */
export function shapeText(shape: Shape | null | undefined): string {
  return shape ? shape.join('×') : '?';
}

/** 1234567 → `1.2 M`: for boxes that have room for few digits. */
export function short(value: number): string {
  if (value < 10_000) return count(value);
  const [size, unit] = value < 1e6 ? [1e3, 'k'] : value < 1e9 ? [1e6, 'M'] : [1e9, 'G'];
  return `${number(Number((value / size).toPrecision(3)))} ${unit}`;
}

/** Parameters and multiply-accumulates of a layer; empty where it has none or they are not known. */
export function costText({ cost }: Pick<InspectedLayer, 'cost'>): string {
  const parameters = total(cost?.weights);
  const macs = Object.entries(cost?.macs ?? {}).map(([bits, macs]) => `${short(macs)} MACs at ${bits} bit`);
  return [...(parameters > 0 ? [`${short(parameters)} parameters`] : []), ...macs].join(' · ');
}

/** The same in two short parts, for a box. */
export function costParts({ cost }: Pick<InspectedLayer, 'cost'>): { parameters: string; macs: string } {
  const parameters = total(cost?.weights);
  const macs = Object.entries(cost?.macs ?? {});
  return {
    parameters: parameters > 0 ? `${short(parameters)} params` : '',
    macs: macs.map(([bits, number]) => `${short(number)} MACs, ${bits} bit`).join(' · '),
  };
}

export function plural(many: number, word: string): string {
  return `${many} ${word}${many === 1 ? '' : 's'}`;
}

export function total(record: Readonly<Record<number, number>> | undefined): number {
  return Object.values(record ?? {}).reduce((sum, value) => sum + value, 0);
}
