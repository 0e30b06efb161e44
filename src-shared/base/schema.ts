import type { z } from 'zod';
import { BitsmithError } from './errors.ts';

/**
 * Checks `value` against `schema` and returns the parsed value (with defaults filled in).
 *
 * @param what name of the document for the message, e.g. `the configuration run.json`
 * @throws BitsmithError `invalid-input` with one message that names the first wrong field, its value and what is
 *   allowed there; `details.issues` holds all of them.
 */
export function parseWith<T extends z.ZodType>(schema: T, value: unknown, what: string): z.output<T> {
  const result = schema.safeParse(value, { reportInput: true });
  if (result.success) return result.data;
  const issues = describeIssues(result.error.issues, value, schema);
  const [first, ...more] = issues;
  const rest = more.length > 0 ? ` (and ${more.length} more: ${more.map((i) => i.path).join(', ')})` : '';
  throw new BitsmithError('invalid-input', `${what}: ${first?.text ?? 'does not fit its schema'}${rest}`, {
    issues: issues.map(({ path, text }) => ({ path, text })),
  });
}

/** Something in a document that its schema refuses. */
export interface SchemaIssue {
  /** `model.layers[2].units` */
  path: string;
  keys: readonly (string | number)[];
  /** What is wrong there and what is allowed; it names the path. */
  text: string;
}

/** The parsed value, or everything that is wrong with it, for those who show all of it where it belongs. */
export function checkWith<T extends z.ZodType>(
  schema: T,
  value: unknown,
): { value: z.output<T> } | { issues: SchemaIssue[] } {
  const result = schema.safeParse(value, { reportInput: true });
  return result.success
    ? { value: result.data }
    : { issues: describeIssues(result.error.issues, value, schema) };
}

function describeIssues(issues: readonly Issue[], value: unknown, schema: z.ZodType): SchemaIssue[] {
  return flatten(issues, value).map((issue) => ({
    ...describeIssue(issue, value, schema),
    keys: [...issue.path, ...(issue.code === 'unrecognized_keys' ? issue.keys.slice(0, 1) : [])].map((key) =>
      typeof key === 'number' ? key : String(key),
    ),
  }));
}

type Issue = z.core.$ZodIssue;

/**
 * Looks into unions: reports the branch that comes closest (deepest path, fewest issues; last of all a branch whose kind
 * the value does not even name).
 */
function flatten(issues: readonly Issue[], root: unknown): Issue[] {
  return issues.flatMap((issue) => {
    if (issue.code !== 'invalid_union' || issue.errors.length === 0) return [issue];
    const branches = issue.errors
      .map((branch) => flatten(branch as Issue[], root))
      .filter((branch) => branch.length > 0)
      .sort(
        (a, b) =>
          depth(b) - depth(a) ||
          Number(unnamed(a, issue.path, root)) - Number(unnamed(b, issue.path, root)) ||
          a.length - b.length,
      );
    const best = branches[0];
    if (!best || depth(best) === 0) return [issue];
    return best.map((inner) => ({ ...inner, path: [...issue.path, ...inner.path] }) as Issue);
  });
}

/** Whether all that a branch misses is the field that tells its kinds apart. */
function unnamed(branch: readonly Issue[], at: readonly PropertyKey[], root: unknown): boolean {
  return branch.every((issue) => {
    const name = 'discriminator' in issue ? String(issue.discriminator) : null;
    if (name === null) return false;
    const value = valueAt(root, [...at, ...issue.path]);
    return value === undefined || (typeof value === 'object' && value !== null && !(name in value));
  });
}

function depth(issues: readonly Issue[]): number {
  return Math.max(...issues.map((issue) => issue.path.length + (issue.code === 'unrecognized_keys' ? 1 : 0)));
}

function describeIssue(issue: Issue, root: unknown, schema: z.ZodType): { path: string; text: string } {
  const path = formatPath(issue.path);
  if (issue.code === 'unrecognized_keys') {
    const allowed = allowedKeys(schema, root, issue.path);
    const key = issue.keys[0] ?? '';
    const full = path === '' ? key : `${path}.${key}`;
    const close = nearest(key, allowed);
    const hint = close ? ` Did you mean "${close}"?` : '';
    return {
      path: full,
      text: `unknown field "${full}".${hint}${allowed.length > 0 ? ` Allowed here: ${allowed.join(', ')}.` : ''}`,
    };
  }
  const value = valueAt(root, issue.path);
  const where = path === '' ? 'the document' : `"${path}"`;
  const message = issue.message.replace(/^(Invalid (input|option|string)|Too (small|big)): /, '');
  const discriminator =
    'discriminator' in issue && typeof issue.discriminator === 'string' ? issue.discriminator : '';
  if (discriminator) {
    const full =
      path === '' || path.endsWith(discriminator) ? path || discriminator : `${path}.${discriminator}`;
    const given = value !== null && typeof value === 'object' ? Reflect.get(value, discriminator) : value;
    const options = discriminatorOptions(schema, root, issue.path, discriminator);
    const close = typeof given === 'string' ? nearest(given, options) : undefined;
    return {
      path: full,
      text:
        `"${full}" is ${show(given)}, which is not known here.` +
        (close ? ` Did you mean "${close}"?` : '') +
        (options.length > 0 ? ` Allowed: ${options.join(', ')}.` : ''),
    };
  }
  if (value === undefined) return { path, text: `${where} is missing; ${message}` };
  return { path, text: `${where} is ${show(value)}; ${message}` };
}

/** `model.layers[2].units`, the form that people use in `--set`. */
export function formatPath(path: readonly PropertyKey[]): string {
  return path.reduce<string>(
    (text, key) =>
      typeof key === 'number' ? `${text}[${key}]` : text === '' ? String(key) : `${text}.${String(key)}`,
    '',
  );
}

function valueAt(root: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>(
    (value, key) => (value !== null && typeof value === 'object' ? Reflect.get(value, key) : undefined),
    root,
  );
}

/** The schema nodes that can describe the value at `path`, with every wrapper taken off. */
function schemasAt(schema: z.ZodType, root: unknown, path: readonly PropertyKey[]): z.core.$ZodType[] {
  let nodes: z.core.$ZodType[] = unwrap(schema);
  let value = root;
  for (const key of path) {
    value = value !== null && typeof value === 'object' ? Reflect.get(value, key) : undefined;
    nodes = nodes.flatMap((node) => {
      const def = node._zod.def as unknown as Record<string, unknown>;
      if (def.type === 'object') {
        const child = (def.shape as Record<string, z.ZodType>)[String(key)];
        return child ? unwrap(child) : [];
      }
      if (def.type === 'array') return unwrap(def.element as z.ZodType);
      if (def.type === 'record') return unwrap(def.valueType as z.ZodType);
      if (def.type === 'tuple') {
        const item = (def.items as z.ZodType[])[Number(key)];
        return item ? unwrap(item) : [];
      }
      return [];
    });
  }
  return narrow(nodes, value);
}

function unwrap(schema: z.core.$ZodType): z.core.$ZodType[] {
  const def = schema._zod.def as unknown as Record<string, unknown>;
  switch (def.type) {
    case 'optional':
    case 'nullable':
    case 'default':
    case 'prefault':
    case 'readonly':
    case 'catch':
      return unwrap(def.innerType as z.ZodType);
    case 'pipe':
      return unwrap(def.in as z.ZodType);
    case 'lazy':
      return unwrap((def.getter as () => z.ZodType)());
    case 'union':
      return (def.options as z.ZodType[]).flatMap(unwrap);
    default:
      return [schema];
  }
}

/** Keeps the branches of a union whose literal fields agree with the value. */
function narrow(nodes: z.core.$ZodType[], value: unknown): z.core.$ZodType[] {
  if (value === null || typeof value !== 'object') return nodes;
  const fitting = nodes.filter((node) => {
    const def = node._zod.def as unknown as Record<string, unknown>;
    if (def.type !== 'object') return false;
    return Object.entries(def.shape as Record<string, z.ZodType>).every(([key, child]) => {
      const literals = literalValues(child);
      return literals === undefined || literals.includes(Reflect.get(value, key));
    });
  });
  return fitting.length > 0 ? fitting : nodes;
}

function literalValues(schema: z.core.$ZodType): unknown[] | undefined {
  const def = schema._zod.def as unknown as Record<string, unknown>;
  return def.type === 'literal' ? (def.values as unknown[]) : undefined;
}

/** Names of the fields that an object at `path` may have, of all its forms that agree with what `root` has there. */
export function allowedKeys(schema: z.ZodType, root: unknown, path: readonly PropertyKey[]): string[] {
  const keys = schemasAt(schema, root, path).flatMap((node) => {
    const def = node._zod.def as unknown as Record<string, unknown>;
    return def.type === 'object' ? Object.keys(def.shape as object) : [];
  });
  return [...new Set(keys)];
}

function discriminatorOptions(
  schema: z.ZodType,
  root: unknown,
  path: readonly PropertyKey[],
  discriminator: string,
): string[] {
  const parent = path.at(-1) === discriminator ? path.slice(0, -1) : path;
  const options = schemasAt(schema, root, parent).flatMap((node) => {
    const def = node._zod.def as unknown as Record<string, unknown>;
    if (def.type !== 'object') return [];
    const field = (def.shape as Record<string, z.ZodType>)[discriminator];
    return field ? (literalValues(field) ?? []) : [];
  });
  return [...new Set(options.map(String))];
}

function show(value: unknown): string {
  const text = JSON.stringify(value) ?? String(value);
  return text.length > 60 ? `${text.slice(0, 57)}…` : text;
}

/** The candidate within a third of the word's length by edit distance, for "did you mean". */
export function nearest(word: string, candidates: readonly string[]): string | undefined {
  const scored = candidates
    .map((candidate) => ({ candidate, distance: editDistance(word.toLowerCase(), candidate.toLowerCase()) }))
    .sort((a, b) => a.distance - b.distance);
  const best = scored[0];
  return best && best.distance <= Math.max(1, Math.floor(word.length / 3)) ? best.candidate : undefined;
}

function editDistance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const substitute = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      next[j] = Math.min(substitute, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1);
    }
    row = next;
  }
  return row[b.length] ?? 0;
}

/**
 * The values that a field may have where they are few: of a choice, or of a switch. Empty for all other fields. A field
 * that tells forms apart (`method`, `kind`) has those of all forms; any other field those of the form that `root` has.
 */
export function allowedValues(
  schema: z.ZodType,
  root: unknown,
  path: readonly PropertyKey[],
): (string | number | boolean)[] {
  const above = path.slice(0, -1);
  const key = String(path.at(-1));
  const own = childrenOf(schemasAt(schema, root, above), key);
  const told = own.some((node) => node._zod.def.type === 'literal');
  const nodes = told ? childrenOf(schemasAt(schema, undefined, above), key) : own;
  return [...new Set(nodes.flatMap(fewValues))];
}

function childrenOf(nodes: readonly z.core.$ZodType[], key: string): z.core.$ZodType[] {
  return nodes.flatMap((node) => {
    const def = node._zod.def as unknown as Record<string, unknown>;
    const child = def.type === 'object' ? (def.shape as Record<string, z.ZodType>)[key] : undefined;
    return child ? unwrap(child) : [];
  });
}

function fewValues(node: z.core.$ZodType): (string | number | boolean)[] {
  const def = node._zod.def as unknown as Record<string, unknown>;
  if (def.type === 'boolean') return [false, true];
  if (def.type === 'enum') return Object.values(def.entries as Record<string, string | number>);
  return (literalValues(node) ?? []).filter(
    (value) => typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean',
  );
}
