import { z } from 'zod';

/** A way to look at the table of runs that a person named. */
export const RunViewSchema = z.strictObject({
  id: z.string().min(1).max(100),
  name: z.string().min(1).max(100),
  /** The table's state as the window wrote it. */
  state: z.record(z.string(), z.unknown()),
});
export type RunView = z.output<typeof RunViewSchema>;

/** A page that the first-run guide leads to and that leaves no trace of its own in the store. */
const GuideSightSchema = z.enum(['model', 'run']);
export type GuideSight = z.output<typeof GuideSightSchema>;

/**
 * What a person chose once for all windows. A field that an older or newer version wrote in another form falls back to
 * its default by itself, and the others stay.
 */
export const SettingsSchema = z.strictObject({
  /** A desktop notification when a run, a search or a long task ends while the window is not in front. */
  notifications: z.boolean().default(true).catch(true),
  /** Keeps the machine from sleeping while something trains. */
  keepAwake: z.boolean().default(true).catch(true),
  /** Shortcuts of one key, without Ctrl or Alt (WCAG 2.1.4 wants a way to turn them off). */
  singleKeyShortcuts: z.boolean().default(true).catch(true),
  /** The part whose flash and RAM the builder measures against. */
  target: z.string().min(1).max(100).default('cortex-m4').catch('cortex-m4'),
  runViews: z.array(RunViewSchema).max(200).default([]).catch([]),
  /** The first-run guide was closed by hand. */
  guideClosed: z.boolean().default(false).catch(false),
  /** It is being followed: a bar above every page says what to do now. */
  guideActive: z.boolean().default(false).catch(false),
  /** What of it a person has looked at; all else it sees from what is in the store. */
  guideSeen: z.array(GuideSightSchema).max(10).default([]).catch([]),
});
export type Settings = z.output<typeof SettingsSchema>;

/** Some of the settings; each that is given is checked, none falls back. */
export const SettingsPatchSchema = z
  .strictObject({
    notifications: z.boolean(),
    keepAwake: z.boolean(),
    singleKeyShortcuts: z.boolean(),
    target: z.string().min(1).max(100),
    runViews: z.array(RunViewSchema).max(200),
    guideClosed: z.boolean(),
    guideActive: z.boolean(),
    guideSeen: z.array(GuideSightSchema).max(10),
  } satisfies Record<keyof Settings, z.ZodType>)
  .partial();
