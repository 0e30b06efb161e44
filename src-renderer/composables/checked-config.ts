import { z } from 'zod';

/*
 * The window's own door to the shared checks of configurations. The page's policy forbids code made from text, and zod
 * would try that for speed: whoever checks anything in the window does it through here.
 */
z.config({ jitless: true });

export { parseWith } from '#shared/base/schema.ts';
export { DatasetChoiceSchema, type DatasetChoice } from '#shared/dataset/choice.ts';
export { pruneConfig } from '#shared/prune/follow-up.ts';
export { parseRunConfig, resolveRun, RunConfigSchema, type RunConfig } from '#shared/run/config.ts';
export { candidateOf } from '#shared/search/candidate.ts';
export { checkSearch } from '#shared/search/check.ts';
export { SearchConfigSchema, type SearchConfig } from '#shared/search/config.ts';
