import { z } from 'zod';

const json = z.record(z.string(), z.unknown());

/** How a network is drawn; no part of the configuration, so it changes no run's hash. */
export const CanvasSchema = z.strictObject({
  /** Where a person put layers, by layer id; the others are laid out by rule. */
  places: z.record(z.string(), z.tuple([z.number(), z.number()])).default({}),
  /** Layers that belong together, drawn as one frame. */
  groups: z
    .array(
      z.strictObject({
        id: z.string().min(1).max(100),
        title: z.string().max(100),
        layers: z.array(z.string()).max(1000),
        collapsed: z.boolean().default(false),
      }),
    )
    .max(1000)
    .default([]),
  /** Which way the graph flows; absent: down. */
  direction: z.enum(['down', 'right']).optional(),
});
export type Canvas = z.output<typeof CanvasSchema>;

/**
 * A run configuration that is being edited. It may be wrong: it is checked as a whole only when a run starts. The host
 * keeps it, so that it survives the end of the window and of the program.
 */
export const DraftSchema = z.strictObject({
  id: z.string().regex(/^[a-z0-9-]{1,64}$/, 'must be lower-case letters, digits and hyphens'),
  /** Grows by one with every write; a write on an older one is refused, so that two windows do not overwrite each other. */
  revision: z.int().nonnegative(),
  document: json,
  /** Text in a JSON editor that cannot be read as JSON now, by the path of what it edits; empty path: the whole. */
  unreadable: z.record(z.string(), z.string().max(5_000_000)).default({}),
  canvas: CanvasSchema.prefault({}),
  /** How many runs it starts that differ only by their seed; as it was typed. */
  replicates: z.union([z.number(), z.string().max(100)]).default(1),
  /** What it was forked from: its run becomes the parent of the run that it starts. */
  parent: z.strictObject({ run: z.string(), checkpoint: z.string().nullable() }).nullable().default(null),
});
export type Draft = z.output<typeof DraftSchema>;

export const DraftSummarySchema = z.strictObject({
  id: z.string(),
  name: z.string(),
  dataset: z.string(),
  model: z.string(),
  updatedAt: z.string(),
});
export type DraftSummary = z.output<typeof DraftSummarySchema>;

/** What a list says of a draft, however wrong it is. */
export function summarizeDraft(draft: Draft, updatedAt: string): DraftSummary {
  const { name, dataset, model } = draft.document;
  return {
    id: draft.id,
    name: text(name) || 'untitled',
    dataset: text(field(dataset, 'name')),
    model: text(field(model, 'preset')) || text(field(model, 'name')),
    updatedAt,
  };
}

function field(value: unknown, key: string): unknown {
  return value !== null && typeof value === 'object' ? Reflect.get(value, key) : undefined;
}

function text(value: unknown): string {
  return typeof value === 'string' ? value : '';
}
