import { z } from 'zod';
import { isObject, type JsonObject } from '#shared/base/json-document.ts';
import { allowedText, type Property } from '#shared/quant/documentation/parameter-rows.ts';

/** A schema as JSON Schema describes it, with what `.meta()` says of it besides. */
export interface FieldSchema extends Omit<Property, 'anyOf' | 'items'> {
  title?: string;
  /** What a number counts: `px`, `epochs`. */
  unit?: string;
  /** What holds where an optional field is left out: `the size of the window`. */
  absent?: string;
  /** Names of the numbers of a tuple. */
  labels?: string[];
  examples?: unknown[];
  anyOf?: FieldSchema[];
  oneOf?: FieldSchema[];
  items?: FieldSchema | false;
  prefixItems?: FieldSchema[];
  properties?: Record<string, FieldSchema>;
  required?: string[];
}

/** How a value is edited. */
export type FieldShape =
  | { kind: 'number' | 'text' | 'switch' | 'list' | 'json' }
  | { kind: 'choice'; values: readonly unknown[] }
  | { kind: 'group'; fields: readonly FormField[] }
  | { kind: 'tuple'; labels: readonly string[] }
  | { kind: 'variants'; variants: readonly Variant[] };

/** One of the forms that a value may have. */
export interface Variant {
  title: string;
  /** What is put in where this form is chosen; undefined: nothing. */
  start(before: unknown): unknown;
  fits(value: unknown): boolean;
  /** What is left to be edited; null: the form is the value. */
  shape: FieldShape | null;
}

export interface FormField {
  key: string;
  label: string;
  help: string;
  /** What holds where the field is left out; undefined: nothing does, or what `absent` says. */
  fallback: unknown;
  required: boolean;
  unit: string;
  absent: string;
  shape: FieldShape;
}

const known = new WeakMap<z.ZodType, FormField[]>();

/** The fields of an object's schema, in its order, as a form shows them. */
export function schemaFields(schema: z.ZodType): FormField[] {
  let fields = known.get(schema);
  if (!fields) {
    fields = fieldsOf(z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' }) as FieldSchema);
    known.set(schema, fields);
  }
  return fields;
}

function fieldsOf({ properties = {}, required = [] }: FieldSchema): FormField[] {
  return Object.entries(properties).map(([key, property]) => {
    const needed = required.includes(key);
    const range = plainRange(property);
    return {
      key,
      label: property.title ?? labelOf(key),
      help: [property.description ?? '', range].filter((part) => part !== '').join(' · '),
      fallback: property.default,
      required: needed,
      unit: property.unit ?? '',
      absent: property.absent ?? '',
      shape: shapeOf(property, needed || property.default !== undefined),
    };
  });
}

/** `padValue` → `Pad value` */
export function labelOf(key: string): string {
  const words = key
    .replaceAll(/([a-z0-9])([A-Z])/g, '$1 $2')
    .replaceAll(/[-_]/g, ' ')
    .toLowerCase();
  return words.charAt(0).toUpperCase() + words.slice(1);
}

/** The limits of a number: `1 to 31`. A form says by itself that it takes a number. */
function plainRange(property: FieldSchema): string {
  if (property.type !== 'integer' && property.type !== 'number') return '';
  return allowedText(property as Property)
    .replace(/^(whole )?number ?/, '')
    .replace(/^from (?=\S+ to )/, '');
}

function shapeOf(property: FieldSchema, always: boolean): FieldShape {
  const forms = property.anyOf ?? property.oneOf;
  if (forms) return { kind: 'variants', variants: variantsOf(forms, always, property.absent) };
  const few = property.enum ?? (property.const === undefined ? undefined : [property.const]);
  if (few) {
    return always
      ? { kind: 'choice', values: few }
      : { kind: 'variants', variants: variantsOf([property], false, property.absent) };
  }
  switch (property.type) {
    case 'integer':
    case 'number':
      return { kind: 'number' };
    case 'boolean':
      return { kind: 'switch' };
    case 'string':
      return { kind: 'text' };
    case 'object':
      return property.properties ? { kind: 'group', fields: fieldsOf(property) } : { kind: 'json' };
    case 'array':
      return arrayShape(property);
    default:
      return { kind: 'json' };
  }
}

function arrayShape({ prefixItems, labels, items }: FieldSchema): FieldShape {
  if (prefixItems?.every(({ type }) => type === 'integer' || type === 'number')) {
    return { kind: 'tuple', labels: prefixItems.map((_, i) => labels?.[i] ?? `Number ${i + 1}`) };
  }
  const plain = items && ['integer', 'number', 'string', 'boolean'].includes(items.type ?? '');
  return { kind: plain ? 'list' : 'json' };
}

function variantsOf(forms: readonly FieldSchema[], always: boolean, absent?: string): Variant[] {
  const own = forms.flatMap((form): Variant[] => {
    const fixed = form.enum ?? (form.const === undefined ? undefined : [form.const]);
    if (fixed) return fixed.map(fixedVariant);
    return [form.type === 'object' ? objectVariant(form) : openVariant(form)];
  });
  if (always) return own;
  const none: Variant = {
    title: absent ?? 'Default',
    start: () => undefined,
    fits: (value) => value === undefined,
    shape: null,
  };
  return [none, ...own];
}

function fixedVariant(fixed: unknown): Variant {
  return { title: String(fixed), start: () => fixed, fits: (value) => value === fixed, shape: null };
}

/** An object: one of several, told apart by a field that can have one value only, or the only one. */
function objectVariant(form: FieldSchema): Variant {
  const properties = form.properties ?? {};
  const told = Object.entries(properties).find(([, { const: only }]) => only !== undefined);
  const fields = fieldsOf(form).filter(({ key }) => key !== told?.[0]);
  return {
    title: form.title ?? (told ? String(told[1].const) : 'By field'),
    start: (before) => ({
      ...(told ? { [told[0]]: told[1].const } : {}),
      ...Object.fromEntries(
        fields
          .filter(({ required }) => required)
          .map(({ key }, i) => [key, kept(before, i) ?? startOf(properties[key] ?? {})]),
      ),
    }),
    fits: (value) => isObject(value) && (!told || value[told[0]] === told[1].const),
    shape: fields.length > 0 ? { kind: 'group', fields } : null,
  };
}

function openVariant(form: FieldSchema): Variant {
  const shape = shapeOf(form, true);
  const count = form.prefixItems?.length ?? 0;
  const start = (before: unknown): unknown => {
    if (shape.kind === 'number') return kept(before, 0) ?? startOf(form);
    if (shape.kind !== 'tuple') return startOf(form);
    return Array.from({ length: count }, (_, i) => kept(before, i) ?? startOf(form.prefixItems?.[i] ?? {}));
  };
  const list = shape.kind === 'tuple' || shape.kind === 'list';
  return {
    title: form.title ?? (shape.kind === 'number' ? 'Number' : labelOf(form.type ?? 'value')),
    start,
    // Text that is no number yet is an unfinished number.
    fits: (value) =>
      list ? Array.isArray(value) : value !== undefined && typeof value !== 'object' && shape.kind !== 'json',
    shape,
  };
}

/** A number of what was there before in another form: itself, or one of its numbers. */
function kept(before: unknown, at: number): number | undefined {
  const numbers = (
    Array.isArray(before) ? before : isObject(before) ? Object.values(before) : [before]
  ) as unknown[];
  const found = numbers[at] ?? numbers[0];
  return typeof found === 'number' ? found : undefined;
}

/** A value to begin with where the schema wants one and names none. */
function startOf(form: FieldSchema): unknown {
  if (form.default !== undefined) return form.default;
  if (form.examples?.[0] !== undefined) return form.examples[0];
  if (form.const !== undefined) return form.const;
  if (form.enum) return form.enum[0];
  switch (form.type) {
    case 'integer':
    case 'number':
      return Math.max(form.minimum ?? -Infinity, Math.min(1, form.maximum ?? Infinity));
    case 'boolean':
      return false;
    case 'array':
      return [];
    case 'object':
      return Object.fromEntries(
        (form.required ?? []).map((key) => [key, startOf(form.properties?.[key] ?? {})]),
      ) as JsonObject;
    default:
      return '';
  }
}

/** The form that a value has; the last one that is open where it fits none. */
export function variantOf(variants: readonly Variant[], value: unknown): Variant | undefined {
  return (
    variants.find(({ shape, fits }) => shape === null && fits(value)) ??
    variants.find(({ fits }) => fits(value)) ??
    variants.findLast(({ shape }) => shape !== null)
  );
}
