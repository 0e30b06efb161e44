import { z } from 'zod';
import type { ParameterSchema } from '../types.ts';

/** One parameter of a method in words. */
export interface ParameterRow {
  name: string;
  default: string;
  allowed: string;
  description: string;
}

/** The part of a JSON Schema that parameters use. */
export interface Property {
  type?: string;
  description?: string;
  default?: unknown;
  enum?: unknown[];
  const?: unknown;
  anyOf?: Property[];
  items?: Property;
  minItems?: number;
  maxItems?: number;
  minimum?: number;
  maximum?: number;
  exclusiveMinimum?: number;
  exclusiveMaximum?: number;
}

/** The parameters that a schema asks for, in its order. */
export function parameterRows(schema: ParameterSchema): ParameterRow[] {
  const json = z.toJSONSchema(schema, { io: 'input' }) as { properties?: Record<string, Property> };
  return Object.entries(json.properties ?? {}).map(([name, property]) => ({
    name,
    default: property.default === undefined ? '' : JSON.stringify(property.default),
    allowed: allowedText(property),
    description: property.description ?? '',
  }));
}

/** What a property may be, as a person would say it. */
export function allowedText(property: Property): string {
  if (property.anyOf) return property.anyOf.map(allowedText).join(', or ');
  if (property.const !== undefined) return JSON.stringify(property.const);
  if (property.enum) return property.enum.map((value) => JSON.stringify(value)).join(', ');
  switch (property.type) {
    case 'boolean':
      return 'true, false';
    case 'null':
      return 'null';
    case 'integer':
      return `whole number ${rangeText(property)}`.trim();
    case 'number':
      return `number ${rangeText(property)}`.trim();
    case 'array':
      return `list of ${lengthText(property)}: ${allowedText(property.items ?? {})}`;
    default:
      return property.type ?? 'any value';
  }
}

function lengthText({ minItems, maxItems }: Property): string {
  if (minItems === undefined && maxItems === undefined) return 'values';
  return `${minItems ?? 0} to ${maxItems ?? 'any number of'} values`;
}

/** Bounds that are there for JSON's sake only are left out. */
function rangeText(property: Property): string {
  const { minimum, maximum, exclusiveMinimum, exclusiveMaximum } = property;
  const meant = (bound: number | undefined) =>
    bound === undefined || Math.abs(bound) >= Number.MAX_SAFE_INTEGER ? undefined : bound;
  const words = [
    phrase('above', meant(exclusiveMinimum)),
    phrase('from', meant(minimum)),
    phrase('below', meant(exclusiveMaximum)),
    phrase(meant(minimum) === undefined ? 'up to' : 'to', meant(maximum)),
  ];
  return words.filter((word) => word !== '').join(' ');
}

function phrase(word: string, bound: number | undefined): string {
  return bound === undefined ? '' : `${word} ${bound}`;
}
