import type { JsonObject } from '#shared/base/json-document.ts';
import type { RunConfig } from '#shared/run/config.ts';

const MOST = 100;
const LAST_SEED = 2 ** 32 - 1;

/** Why so many runs cannot be started; null: they can. */
export function replicateProblem(replicates: number | string, config: RunConfig | null): string | null {
  if (typeof replicates !== 'number' || !Number.isInteger(replicates) || replicates < 1 || replicates > MOST)
    return `"replicates" is ${JSON.stringify(replicates)}; it must be a whole number from 1 to ${MOST}`;
  if (replicates === 1 || !config) return null;
  if (config.initialize?.state === 'training')
    return 'runs that go on exactly from a checkpoint cannot differ by their seed; take its weights only, or start one';
  if (config.seed + replicates - 1 > LAST_SEED)
    return `"seed" is ${config.seed}: the last of ${replicates} seeds would be above ${LAST_SEED}`;
  return null;
}

/** The configurations of runs that differ only by their seed; a tag of their own says that they belong together. */
export function replicateConfigs(
  document: JsonObject,
  replicates: number,
  runs: readonly { tags: readonly string[] }[],
): JsonObject[] {
  if (replicates === 1) return [document];
  const first = typeof document.seed === 'number' ? document.seed : 1;
  const name = typeof document.name === 'string' ? document.name : 'run';
  const tags = Array.isArray(document.tags) ? (document.tags as unknown[]) : [];
  const group = freeTag(`seeds of ${name}`, runs);
  return Array.from({ length: replicates }, (_, i) => ({
    ...document,
    name: `${name.slice(0, 180)} · seed ${first + i}`,
    seed: first + i,
    tags: [...tags, group].slice(-50),
  }));
}

function freeTag(wish: string, runs: readonly { tags: readonly string[] }[]): string {
  const used = new Set(runs.flatMap(({ tags }) => tags));
  const short = wish.slice(0, 44).trim();
  for (let i = 1; ; i++) {
    const tag = i === 1 ? short : `${short} (${i})`;
    if (!used.has(tag)) return tag;
  }
}
