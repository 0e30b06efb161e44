import { z } from 'zod';
import { BitsmithError } from '../base/errors.ts';
import { parseWith } from '../base/schema.ts';
import type { DatasetFormat, FormatReader, PlannedFile, SampleSink } from './format.ts';

/** A format with choices: the schema's defaults until it is configured. */
export function configurable<S extends z.ZodType>(parts: {
  id: string;
  title: string;
  options: S;
  plan(names: readonly string[], where: string, options: z.output<S>): PlannedFile[];
  open(sink: SampleSink, options: z.output<S>): FormatReader;
}): DatasetFormat {
  const { id, title, options, plan, open } = parts;
  const read = (given: unknown): z.output<S> => parseWith(options, given, `the options of ${id}`);
  // Read when they are needed: the window sets up its checks after the modules have been loaded.
  const withChoice = (choice: () => z.output<S>): DatasetFormat => ({
    id,
    title,
    options,
    configure: (given) => {
      const chosen = read(given);
      return withChoice(() => chosen);
    },
    plan: (names, where) => plan(names, where, choice()),
    open: (sink) => open(sink, choice()),
  });
  return withChoice(() => read({}));
}

/** @throws BitsmithError `invalid-input` naming the option; any option of a format without choices is wrong */
export function configured(format: DatasetFormat, options: Record<string, unknown>): DatasetFormat {
  if (format.configure) return format.configure(options);
  const [first] = Object.keys(options);
  if (first === undefined) return format;
  throw new BitsmithError(
    'invalid-input',
    `the option "${first}" is unknown: the kind ${format.id} has none`,
  );
}

/** How samples become a test part where the files do not say it. */
export const heldOut = {
  /** Share of the samples that is held out for the test, where the files have no test part of their own. */
  testShare: z.number().min(0.01).max(0.9).default(0.2).meta({
    title: 'Held out for the test',
    description: 'Share of each class, where the files have no test part of their own',
  }),
  seed: z.int().min(0).default(1).meta({ title: 'Seed', description: 'Decides which are held out' }),
};
