import { z } from 'zod';
import { METHODS } from '#shared/quant/registry.ts';
import type { Method, Quantizes } from '#shared/quant/types.ts';
import { checkWith } from '../../composables/checked-config.ts';
import type { FormProblem } from '../form/schema-edit.ts';

/** A method by its id with some of its parameters, as a document has it: it may be wrong. */
export interface RawChoice {
  method: string;
  [parameter: string]: unknown;
}

/** One side of a method, as a list shows it. */
export interface MethodEntry {
  id: string;
  method: Method;
  /** Every number of bits per value that its parameters allow; 32 is floating point. */
  bits: readonly number[];
}

const known = new Map<Quantizes, MethodEntry[]>();

/** The methods for weights, or those for activations. */
export function methodEntries(side: Quantizes): MethodEntry[] {
  let entries = known.get(side);
  if (!entries) {
    entries = METHODS.filter((method) => method[side]).map((method) => ({
      id: method.card.id,
      method,
      bits: possibleBits(method, side),
    }));
    known.set(side, entries);
  }
  return entries;
}

export function methodOf(id: string): Method | undefined {
  return METHODS.find(({ card }) => card.id === id);
}

/** Bits per value with each parameter changed by itself through what it may be. */
function possibleBits(method: Method, side: Quantizes): number[] {
  const half = method[side];
  const form = half?.form as { bits?(parameters: unknown): number } | undefined;
  const defaults = checkedChoice(side, { method: method.card.id }).choice;
  const own = form?.bits?.(defaults) ?? method.card.bits[side] ?? 32;
  if (!half || !form?.bits) return [own];
  const json = z.toJSONSchema(half.parameters, { io: 'input' }) as {
    properties?: Record<string, Property>;
  };
  const all = Object.entries(json.properties ?? {}).flatMap(([name, property]) =>
    valuesOf(property).flatMap((value) => {
      const { choice } = checkedChoice(side, { method: method.card.id, [name]: value });
      return choice ? (form.bits?.(choice) ?? []) : [];
    }),
  );
  return [...new Set([own, ...all])].toSorted((a, b) => a - b);
}

interface Property {
  type?: string;
  enum?: unknown[];
  anyOf?: Property[];
  minimum?: number;
  maximum?: number;
}

function valuesOf({ type, enum: few, anyOf, minimum = 0, maximum = 0 }: Property): unknown[] {
  if (few) return few;
  if (anyOf) return anyOf.flatMap(valuesOf);
  if (type === 'boolean') return [true, false];
  const count = maximum - minimum + 1;
  return type === 'integer' && count <= 256 ? Array.from({ length: count }, (_, i) => minimum + i) : [];
}

/** A choice with its defaults, or what is wrong with its parameters. */
export function checkedChoice(
  side: Quantizes,
  raw: RawChoice | undefined,
): { choice: RawChoice | null; problems: FormProblem[] } {
  const { method, ...parameters } = raw ?? { method: '' };
  const half = methodOf(method)?.[side];
  if (!half)
    return { choice: null, problems: [{ path: 'method', text: `there is no ${side} method "${method}"` }] };
  const checked = checkWith(half.parameters, parameters);
  return 'value' in checked
    ? { choice: { ...checked.value, method }, problems: [] }
    : { choice: null, problems: checked.issues.map(({ path, text }) => ({ path, text })) };
}

/** Bits per value of a choice that has been checked. */
export function bitsOf(side: Quantizes, choice: RawChoice): number {
  const method = methodOf(choice.method);
  const form = method?.[side]?.form as { bits?(parameters: unknown): number } | undefined;
  return form?.bits?.(choice) ?? method?.card.bits[side] ?? 32;
}

/** `1 bit`, `2 to 8 bits`, `float` */
export function bitsText(bits: readonly number[]): string {
  const [least = 32, most = least] = [bits[0], bits.at(-1)];
  if (least === 32) return 'float';
  if (least === most) return least === 1 ? '1 bit' : `${least} bits`;
  return `${least} to ${most} bits`;
}

/** Widths that people look for. */
export const WIDTHS = [
  { id: 'any', title: 'Any bits', holds: () => true },
  { id: '1', title: '1 bit', holds: (bits: number) => bits === 1 },
  { id: '2', title: '2 bits', holds: (bits: number) => bits === 2 },
  { id: '3-7', title: '3 to 7 bits', holds: (bits: number) => bits > 2 && bits < 8 },
  { id: '8', title: '8 bits', holds: (bits: number) => bits === 8 },
  { id: 'float', title: 'Floating point', holds: (bits: number) => bits === 32 },
] as const;

/** The entries that a person looks for: every word occurs in the card, and a width is possible. */
export function findMethods(entries: readonly MethodEntry[], text: string, width: string): MethodEntry[] {
  const words = text
    .toLowerCase()
    .split(/\s+/)
    .filter((word) => word !== '');
  const wanted = WIDTHS.find(({ id }) => id === width) ?? WIDTHS[0];
  return entries.filter(({ method: { card }, bits }) => {
    const { id, title, sentence, paper } = card;
    const all = [id, title, sentence, paper?.title, paper?.authors, paper?.year].join(' ').toLowerCase();
    return words.every((word) => all.includes(word)) && bits.some((width) => wanted.holds(width));
  });
}
